using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>
/// Replays clicks, test then train, and counts how often the next item is in the top 10 of the full catalogue: the online line against everything
/// frozen as it began, the online encoder alone, and recent popularity. Versions go live with a delay, as on the stream.
/// </summary>
public sealed class OnlineTrial(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles, OnlineTrialOptions options)
{
    private const int Top = 10;

    /// <param name="start">The shipped snapshot.</param>
    /// <param name="stream">Samples with their users, in event order.</param>
    /// <param name="progress">Told after each batch.</param>
    public OnlineTrialResult Run(Snapshot start, IReadOnlyList<TrialEvent> stream, IProgress<FitProgress>? progress = null)
    {
        using var trainer = new OnlineTrainer(torchBackbone, backbone, start, options.Trainer);
        using var catalogue = new TitleTable(backbone, torchBackbone.Device);
        foreach (var (item, title) in titles)
        {
            trainer.SetItem(item, title);
            catalogue.Set(item, title);
        }
        using var frozen = new ServedSnapshot(torchBackbone, backbone, catalogue, start);
        var served = new ServedSnapshot(torchBackbone, backbone, catalogue, start);
        var result = new OnlineTrialResult();
        (Snapshot Snapshot, int LiveAt)? waiting = null;
        var nextRelease = options.ReleaseEvery;
        for (var at = 0; at < stream.Count; at += options.Trainer.Batch)
        {
            var batch = stream.Skip(at).Take(options.Trainer.Batch).ToArray();
            if (waiting is { } release && at >= release.LiveAt)
            {
                served.Dispose();
                served = new ServedSnapshot(torchBackbone, backbone, catalogue, release.Snapshot);
                waiting = null;
                result.Versions++;
            }
            Test(batch, served, frozen, result);
            var report = trainer.Observe([.. batch.Select(e => e.Sample)]);
            if (at >= nextRelease)
            {
                waiting = (trainer.Release(), at + options.Delay);
                nextRelease += options.ReleaseEvery;
            }
            progress?.Report(new((double)at / stream.Count, report.ScoreLoss, result.ToString()));
        }
        served.Dispose();
        return result;
    }

    private void Test(TrialEvent[] batch, ServedSnapshot served, ServedSnapshot frozen, OnlineTrialResult result)
    {
        var tested = batch.Where(e => served.Knows(e.Sample) && frozen.Knows(e.Sample)).ToArray();
        if (tested.Length == 0)
            return;
        var samples = tested.Select(e => e.Sample).ToArray();
        var online = served.Rank(samples, options.LanguageModel);
        var shipped = frozen.Rank(samples, options.LanguageModel);
        for (var i = 0; i < tested.Length; i++)
            result.Add(tested[i].User, online[i], shipped[i], Top);
    }
}

/// <param name="User">Whose click.</param>
/// <param name="Sample">The history before it and its item.</param>
public sealed record TrialEvent(string User, Sample Sample);

/// <summary>How a trial mimics the stream.</summary>
public sealed record OnlineTrialOptions
{
    public OnlineTrainerOptions Trainer { get; init; } = new();

    /// <summary>Events between two versions (10 s at 100 clicks a second).</summary>
    public int ReleaseEvery { get; init; } = 1000;

    /// <summary>False leaves the language model out of the score: a quick look at the encoder.</summary>
    public bool LanguageModel { get; init; } = true;

    /// <summary>Events from a release to its first use.</summary>
    public int Delay { get; init; } = 100;
}
