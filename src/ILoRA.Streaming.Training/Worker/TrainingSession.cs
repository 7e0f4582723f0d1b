using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// The state of a running trainer: the online trainer, the samples of the next mini-batch, and the position in the stream.
/// </summary>
public sealed class TrainingSession(TorchBackbone backbone, OnlineTrainer trainer, string configuration,
    IReadOnlyDictionary<string, long> offsets, string? version, DateTimeOffset? events) : IDisposable
{
    private readonly Dictionary<string, long> learned = new(offsets, StringComparer.Ordinal);
    private readonly List<Sample> waiting = [];
    private long catalogue = -1;
    private long released = trainer.Observed;
    private (double Encoder, double Score, int Steps, int ScoreSteps) losses;

    /// <summary>The last published version, the parent of the next one.</summary>
    public string? Version { get; private set; } = version;

    /// <summary>The latest event time of the samples taken.</summary>
    public DateTimeOffset? Events { get; private set; } = events;

    /// <summary>The next offset to train on, by "topic-partition".</summary>
    public IReadOnlyDictionary<string, long> Offsets => learned;

    /// <summary>The number of samples since the last version, including those that wait for a full mini-batch.</summary>
    public long SinceRelease => trainer.Observed + waiting.Count - released;

    /// <summary>Updates items and titles if the catalogue has changed.</summary>
    public void UpdateCatalogue(Catalogue items)
    {
        if (items.Revision == catalogue)
            return;
        catalogue = items.Revision;
        foreach (var entry in items.Entries)
            trainer.SetItem(entry.Item.Value, entry.Title);
    }

    /// <summary>
    /// Adds the sample of a sequence event, and trains when the mini-batch is full. The history of a late click is cut before that click,
    /// although its event also contains newer items.
    /// </summary>
    /// <param name="sequence">The event.</param>
    /// <param name="batch">The number of samples in a mini-batch.</param>
    /// <param name="share">The share of samples that goes through the language model.</param>
    public void Take(SequenceEvent sequence, int batch, double share)
    {
        waiting.Add(new([.. sequence.History.Select(item => item.Value)], sequence.Click.Value));
        if (Events is null || sequence.Time > Events)
            Events = sequence.Time;
        if (waiting.Count >= batch)
            Learn(share);
    }

    /// <summary>Sets the next offsets of partitions, after all events before them were taken.</summary>
    public void SetOffsets(IEnumerable<(string Partition, long Next)> positions)
    {
        foreach (var (partition, next) in positions)
            learned[partition] = next;
    }

    /// <summary>Trains on the waiting samples, and returns the state as a snapshot with the mean losses since the last one.</summary>
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

    /// <summary>Sets the last published version.</summary>
    public void Published(string name) => Version = name;

    /// <summary>Trains on the waiting samples, so that the state matches the offsets, and returns a checkpoint.</summary>
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
        losses = (losses.Encoder + report.EncoderLoss, losses.Score + report.ScoreLoss, losses.Steps + 1,
            losses.ScoreSteps + (report.ScoreLoss > 0 ? 1 : 0));
        waiting.Clear();
    }

    public void Dispose()
    {
        trainer.Dispose();
        backbone.Dispose();
    }
}
