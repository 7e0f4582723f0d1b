using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>What a running trainer holds: the learner, the samples that wait for a full batch, and how far in the stream it has learned.</summary>
public sealed class TrainingSession(TorchBackbone backbone, OnlineTrainer trainer, string configuration, IReadOnlyDictionary<string, long> offsets, string? version, DateTimeOffset? events) : IDisposable
{
    private readonly Dictionary<string, long> learned = new(offsets, StringComparer.Ordinal);
    private readonly List<Sample> waiting = [];
    private long catalogue = -1;
    private long released = trainer.Observed;
    private (double Encoder, double Score, int Steps, int ScoreSteps) losses;

    /// <summary>The last published version; what the next one descends from.</summary>
    public string? Version { get; private set; } = version;

    /// <summary>The latest event time learned.</summary>
    public DateTimeOffset? Events { get; private set; } = events;

    /// <summary>Next offset to learn, by "topic-partition".</summary>
    public IReadOnlyDictionary<string, long> Offsets => learned;

    /// <summary>Samples learned or waiting since the last version.</summary>
    public long SinceRelease => trainer.Observed + waiting.Count - released;

    /// <summary>Takes over new items and titles.</summary>
    public void Follow(Catalogue items)
    {
        if (items.Revision == catalogue)
            return;
        catalogue = items.Revision;
        foreach (var entry in items.Entries)
            trainer.SetItem(entry.Item.Value, entry.Title);
    }

    /// <summary>Takes a sequence event; it is learned when a batch is full. A late click is learned from what was clicked before it, not from what its event already holds after it.</summary>
    /// <param name="sequence">The event.</param>
    /// <param name="batch">Samples in a step.</param>
    /// <param name="share">The part of a step that goes through the language model.</param>
    public void Take(SequenceEvent sequence, int batch, double share)
    {
        waiting.Add(new([.. sequence.History.Select(item => item.Value)], sequence.Click.Value));
        if (Events is null || sequence.Time > Events)
            Events = sequence.Time;
        if (waiting.Count >= batch)
            Learn(share);
    }

    /// <summary>Everything before these offsets was taken.</summary>
    public void Reached(IEnumerable<(string Partition, long Next)> positions)
    {
        foreach (var (partition, next) in positions)
            learned[partition] = next;
    }

    /// <summary>Learns what waits, and gives the state as a snapshot with the mean losses since the last one.</summary>
    public (Snapshot Snapshot, IReadOnlyDictionary<string, double> Metrics) Release(double share)
    {
        Learn(share);
        var metrics = new Dictionary<string, double>
        {
            ["encoder_loss"] = losses.Encoder / Math.Max(1, losses.Steps),
            ["score_loss"] = losses.Score / Math.Max(1, losses.ScoreSteps),
            ["samples"] = trainer.Observed,
        };
        losses = default;
        released = trainer.Observed;
        return (trainer.Release(), metrics);
    }

    public void Published(string name) => Version = name;

    /// <summary>Learns what waits, so that the state and the offsets say the same.</summary>
    public Checkpoint Save(double share)
    {
        Learn(share);
        return trainer.Save(configuration, new Dictionary<string, long>(learned), Version, Events);
    }

    private void Learn(double share)
    {
        if (waiting.Count == 0)
            return;
        var report = trainer.Observe(waiting, share);
        losses = (losses.Encoder + report.EncoderLoss, losses.Score + report.ScoreLoss, losses.Steps + 1, losses.ScoreSteps + (report.ScoreLoss > 0 ? 1 : 0));
        waiting.Clear();
    }

    public void Dispose()
    {
        trainer.Dispose();
        backbone.Dispose();
    }
}
