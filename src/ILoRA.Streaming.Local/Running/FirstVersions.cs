using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Local.Running;

/// <summary>
/// Announces the first model of a run and the plan that serves it; versions and plans that a cluster already has are unchanged.
/// </summary>
internal sealed class FirstVersions(
    IOptions<KafkaOptions> kafka, AdapterAnnouncer announcer, EventProducer producer, Dependencies dependencies, TimeProvider time,
    ILoggerFactory loggers)
{
    /// <summary>The line that the trainer continues, and its first version as a line of its own that nobody trains.</summary>
    public const string Online = "online", Frozen = "frozen";

    /// <summary>To be called before the workers start, so that they begin with something to serve.</summary>
    public async Task AnnounceAsync(Snapshot snapshot, CancellationToken cancel)
    {
        using var adapters = new AdapterFeed(kafka, dependencies, loggers.CreateLogger<AdapterFeed>());
        using var rollouts = new RolloutFeed(kafka, dependencies, loggers.CreateLogger<RolloutFeed>());
        await Task.WhenAll(adapters.StartAsync(cancel), rollouts.StartAsync(cancel));
        await Task.WhenAll(adapters.CaughtUp, rollouts.CaughtUp).WaitAsync(cancel);
        foreach (var line in new LineName[] { new(Frozen), new(Online) })
            if (adapters.Registry.Newest(line) is null)
                await announcer.PublishAsync(snapshot, Release(line, adapters.Registry), cancel);
        if (rollouts.Registry.Plans.Count == 0)
            await ApplyAsync(Plan);
        await Task.WhenAll(adapters.StopAsync(cancel), rollouts.StopAsync(cancel));
    }

    /// <summary>The default plan, with the lines that the online one is compared with.</summary>
    private static RolloutPlan Plan { get; } = RolloutPlan.Default with
    {
        Shadow = [new LineName(Frozen), new LineName("encoder"), new LineName("popular")],
        By = "ilora-local",
        Reason = "the local host serves the newest online version and compares it with three lines",
    };

    private static AdapterRelease Release(LineName line, AdapterRegistry known) => new()
    {
        Line = line,
        Version = known.Next(line),
        Note = "fitted offline, before the stream",
    };

    private Task ApplyAsync(RolloutPlan plan) => producer.ProduceAsync(producer.Topics.Rollouts, plan.Rollout.Value, EventJson.Write(plan),
        new EventHeader($"{plan.Rollout}-{plan.Revision}", RolloutPlan.EventType, time.GetUtcNow()));
}
