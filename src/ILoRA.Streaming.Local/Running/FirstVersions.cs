using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Local.Running;

/// <summary>Announces the model that a run begins with, and the plan that serves it; what a cluster already has stays.</summary>
internal sealed class FirstVersions(AdapterAnnouncer announcer, AdapterFeed adapters, RolloutFeed rollouts, EventProducer producer, TimeProvider time)
{
    /// <summary>The line that the trainer continues, and its first version as a line of its own that nobody trains.</summary>
    public const string Online = "online", Frozen = "frozen";

    public async Task AnnounceAsync(string folder, CancellationToken cancel)
    {
        await Task.WhenAll(adapters.CaughtUp, rollouts.CaughtUp).WaitAsync(cancel);
        var snapshot = SnapshotFolder.Load(folder);
        foreach (var line in new[] { Frozen, Online })
            if (adapters.Registry.Newest(new LineName(line)) is null)
                await announcer.PublishAsync(snapshot, Release(new LineName(line)), cancel);
        if (rollouts.Registry.Plans.Count == 0)
            await ApplyAsync(Plan);
    }

    /// <summary>The default plan, with the lines that the online one is compared with.</summary>
    private static RolloutPlan Plan { get; } = RolloutPlan.Default with
    {
        Shadow = [new LineName(Frozen), new LineName("encoder"), new LineName("popular")],
        By = "ilora-local",
        Reason = "the local host serves the newest online version and compares it with three lines",
    };

    private AdapterRelease Release(LineName line) => new()
    {
        Line = line,
        Version = adapters.Registry.Next(line),
        Note = "fitted offline, before the stream",
    };

    private Task ApplyAsync(RolloutPlan plan) => producer.ProduceAsync(producer.Topics.Rollouts, plan.Rollout.Value, EventJson.Write(plan),
        new EventHeader($"{plan.Rollout}-{plan.Revision}", RolloutPlan.EventType, time.GetUtcNow()));
}
