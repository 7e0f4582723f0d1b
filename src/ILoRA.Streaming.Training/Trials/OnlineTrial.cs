using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>
/// Replays clicks in event time, test then train: each click is ranked by every line's version as it was served then, and only then learned from. Versions go live with a delay,
/// as on the stream. All lines are tested on the same clicks and candidates.
/// </summary>
public sealed class OnlineTrial(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles, OnlineTrialOptions options)
{
    /// <param name="start">What the lines begin with.</param>
    /// <param name="stream">In event order; all items have a title.</param>
    /// <param name="result">Where the ranks are added: several runs, of several seeds, may add to one.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="stop">Ends the trial early, by an exception.</param>
    public void Run(TrialStart start, IReadOnlyList<TrialEvent> stream, OnlineTrialResult result, IProgress<FitProgress>? progress = null, CancellationToken stop = default)
    {
        using var catalogue = TorchCatalogue.Of(backbone, torchBackbone.Device, titles);
        var learners = result.Methods.Select(method => method.Learner).Distinct().ToDictionary(kind => kind, kind => new TrialRun(kind, torchBackbone, backbone, catalogue, start, options.Trainer));
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
        Dictionary<TrialLearner, TrialRun> learners, TorchCatalogue catalogue, IReadOnlyList<TrialEvent> stream, ItemTable before, OnlineTrialResult result, IProgress<FitProgress>? progress, CancellationToken stop)
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

    private static void Test(TrialEvent[] batch, Dictionary<TrialLearner, TrialRun> learners, TorchCatalogue catalogue, CandidateDraw draw, ItemTable before, OnlineTrialResult result)
    {
        var tested = batch.Where(e => learners.Values.All(learner => learner.Served.Knows(e.Sample))).ToArray();
        if (tested.Length == 0)
            return;
        var samples = tested.Select(e => e.Sample).ToArray();
        var candidates = samples.Select(sample => draw.Draw(sample, catalogue.IndexOf)).ToArray();
        var ranks = learners.ToDictionary(learner => learner.Key,
            learner => learner.Value.Served.Rank(samples, candidates, result.Methods.Where(method => method.Learner == learner.Key).Select(method => method.Score).ToHashSet()));
        for (var i = 0; i < tested.Length; i++)
        {
            var row = before.RowOf(tested[i].Sample.Target);
            result.Add(tested[i], row < 0 || before.Seen[row] == 0, [.. result.Methods.Select(method => ranks[method.Learner][method.Score][i])]);
        }
    }
}

/// <summary>How a trial mimics the stream.</summary>
public sealed record OnlineTrialOptions
{
    public OnlineTrainerOptions Trainer { get; init; } = new();

    /// <summary>What targets are ranked among, beside the whole catalogue.</summary>
    public CandidateKind Candidates { get; init; }

    /// <summary>Events between two versions (10 s at 100 clicks a second).</summary>
    public int ReleaseEvery { get; init; } = 1000;

    /// <summary>Events from a release to its first use.</summary>
    public int Delay { get; init; } = 100;
}
