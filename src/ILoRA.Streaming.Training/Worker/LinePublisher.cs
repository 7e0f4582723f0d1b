using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>Publishes the versions of the trainer's adapter line and retires outdated ones.</summary>
public sealed class LinePublisher(IOptions<TrainerOptions> options, AdapterFeed adapters, RolloutFeed rollouts, AdapterAnnouncer announcer)
{
    /// <summary>The metadata of the line's next version.</summary>
    public AdapterRelease Next(TrainingSession running, IReadOnlyDictionary<string, double> metrics)
    {
        var line = new LineName(options.Value.Line);
        return new()
        {
            Line = line,
            Version = adapters.Registry.Next(line),
            Parent = running.Version is { } parent ? new AdapterVersion(parent) : null,
            Offsets = new Dictionary<string, long>(running.Offsets),
            Events = running.Events,
            Metrics = metrics,
        };
    }

    /// <summary>Publishes a version, then retires the line's outdated versions.</summary>
    /// <exception cref="InvalidDataException">The snapshot could not be read back; nothing was published.</exception>
    public async Task PublishAsync(Snapshot snapshot, AdapterRelease release, CancellationToken cancel)
    {
        var published = await announcer.PublishAsync(snapshot, release, cancel);
        // The feed may not contain the new version yet; it is added here so that its parts are not deleted.
        var known = adapters.Registry.With(published);
        if (!rollouts.CaughtUp.IsCompletedSuccessfully)
            return;
        if (LineRetention.Outdated(known, rollouts.Registry, release.Line, options.Value.KeepVersions) is { Count: > 0 } outdated)
            await announcer.RetireAsync(known, outdated, cancel);
    }
}
