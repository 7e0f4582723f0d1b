using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>
/// A prequential evaluation (test then train) of online learning: replays clicks in the order of events, ranks each click with every
/// method's version that is live at that time, and then trains on it. Versions go live with a delay, as on the stream. All methods are
/// tested on the same clicks and candidates.
/// </summary>
public sealed class OnlineTrial(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles,
    OnlineTrialOptions options)
{
    /// <summary>Runs the trial.</summary>
    /// <param name="start">The initial snapshots.</param>
    /// <param name="stream">The events in order; all items have a title.</param>
    /// <param name="result">The result to add the ranks to; several runs, with different seeds, may add to one result.</param>
    /// <param name="progress">Reported to after each mini-batch.</param>
    /// <param name="stop">Cancels the trial.</param>
    public void Run(TrialStart start, IReadOnlyList<TrialEvent> stream, OnlineTrialResult result, IProgress<FitProgress>? progress = null,
        CancellationToken stop = default)
    {
        using var catalogue = TorchCatalogue.Of(backbone, torchBackbone.Device, titles);
        var learners = result.Methods.Select(method => method.Learner).Distinct()
            .ToDictionary(kind => kind, kind => new TrialRun(kind, torchBackbone, backbone, catalogue, start, options.Trainer));
        try
        {
            Replay(learners, catalogue, stream, start.Instance.Items, result, progress, stop);
        }
        finally
        {
            foreach (var learner in learners.Values)
                learner.Dispose();
        }
    }

    private void Replay(
        Dictionary<TrialLearner, TrialRun> learners, TorchCatalogue catalogue, IReadOnlyList<TrialEvent> stream, ItemTable before,
        OnlineTrialResult result, IProgress<FitProgress>? progress, CancellationToken stop)
    {
        var draw = Candidates(catalogue, before);
        var size = options.Trainer.Batch;
        var (nextRelease, known) = (options.ReleaseEvery, 0);
        for (var at = 0; at < stream.Count; at += size)
        {
            stop.ThrowIfCancellationRequested();
            var batch = stream.Skip(at).Take(size).ToArray();
            if (learners.Values.Select(learner => learner.GoLive(at)).ToArray().Max() is { } trained)
                for (; known < trained; known++)
                    result.Freshness.Add(batch[0].Time - stream[known].Time);
            Test(batch, learners, catalogue, draw, before, result);
            var loss = learners.Values.Select(learner => learner.Observe([.. batch.Select(e => e.Sample)])).ToArray();
            foreach (var e in batch)
                draw.Click(catalogue.IndexOf(e.Sample.Target));
            if (at >= nextRelease)
            {
                foreach (var learner in learners.Values)
                    learner.Release(at + batch.Length, at + options.Delay);
                nextRelease += options.ReleaseEvery;
            }
            progress?.Report(new((double)(at + batch.Length) / stream.Count, loss[0], result.ToString()));
        }
        foreach (var method in result.Methods)
            result.Versions[method.Name] = learners[method.Learner].Versions;
    }

    private CandidateDraw Candidates(TorchCatalogue catalogue, ItemTable before)
    {
        var draw = new CandidateDraw(options.Candidates, new Random(options.Trainer.Seed));
        for (var row = 0; row < before.Ids.Count; row++)
            if (catalogue.IndexOf(before.Ids[row]) is var place and >= 0)
                draw.Click(place, (int)before.Seen[row]);
        return draw;
    }

    private static void Test(TrialEvent[] batch, Dictionary<TrialLearner, TrialRun> learners, TorchCatalogue catalogue,
        CandidateDraw draw, ItemTable before, OnlineTrialResult result)
    {
        var tested = batch.Where(e => learners.Values.All(learner => learner.Served.Knows(e.Sample))).ToArray();
        if (tested.Length == 0)
            return;
        var samples = tested.Select(e => e.Sample).ToArray();
        var candidates = samples.Select(sample => draw.Draw(sample, catalogue.IndexOf)).ToArray();
        var scores = result.Methods.ToLookup(method => method.Learner, method => method.Score);
        var ranks = learners.ToDictionary(learner => learner.Key,
            learner => learner.Value.Served.Rank(samples, candidates, scores[learner.Key].ToHashSet()));
        for (var i = 0; i < tested.Length; i++)
        {
            var row = before.RowOf(tested[i].Sample.Target);
            result.Add(tested[i], row < 0 || before.Seen[row] == 0,
                [.. result.Methods.Select(method => ranks[method.Learner][method.Score][i])]);
        }
    }
}

/// <summary>Settings of an online trial.</summary>
public sealed record OnlineTrialOptions
{
    /// <summary>The hyperparameters of the learners.</summary>
    public OnlineTrainerOptions Trainer { get; init; } = new();

    /// <summary>The candidates that targets are ranked among, beside the whole catalogue.</summary>
    public CandidateKind Candidates { get; init; }

    /// <summary>The number of events between two versions; 1000 are 10 s at 100 clicks per second.</summary>
    public int ReleaseEvery { get; init; } = 1000;

    /// <summary>The number of events from the release of a version until it goes live.</summary>
    public int Delay { get; init; } = 100;
}
