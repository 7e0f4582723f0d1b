using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Clicks in order, test then train, as the online trainer will: there the encoder's outputs are what they will be on the stream, from before the click, so the weights
/// of the score's terms come out right. Those are chosen on the last samples.
/// </summary>
internal sealed class InOrderFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles, AdapterFitOptions options)
{
    private const int SaveEvery = 10;
    private const int FirstLook = 4;
    private const double LeastShare = 0.02;
    private const double WeightsPart = 0.3;

    /// <param name="start">The state to begin with.</param>
    /// <param name="begun">A checkpoint of this pass; null at its beginning.</param>
    /// <param name="clicks">Those after the first pass's.</param>
    /// <param name="run">Budget, reports and checkpoints.</param>
    public Snapshot Run(Snapshot start, FitCheckpoint? begun, IEnumerable<(string User, string Item)> clicks, FitRun run)
    {
        using var trainer = Trainer(start, begun);
        foreach (var (item, title) in titles)
            trainer.SetItem(item, title);
        var fold = new SequenceFold();
        // Histories begin anew here, as in a store that starts empty with the stream: what long ones add is learned online.
        var samples = clicks.Select(click => fold.Click(click.User, click.Item)).OfType<Sample>().ToArray();
        var size = options.Trainer.Batch;
        var (share, first, from) = (begun?.State.Share ?? options.Trainer.LanguageModelShare, (int)trainer.Observed, run.Clock.Elapsed);
        var (weighing, passed) = (false, 0.0);
        using var weights = new ScoreWeightFit();
        for (var at = first; at < samples.Length; at += size)
        {
            run.Stop.ThrowIfCancellationRequested();
            var done = (double)at / samples.Length;
            trainer.RateScale = Schedule.WarmUpThenCosine(1, done);
            var batch = samples[at..Math.Min(at + size, samples.Length)];
            weighing |= samples.Length - at <= Weighed(run.Clock.Elapsed - from, passed);
            if (weighing && trainer.Terms(batch) is var (terms, targets))
                weights.Add(terms, targets);
            var report = trainer.Observe(batch, share);
            passed += share * batch.Length;
            share = options.Steps is null && at - first >= FirstLook * size ? Share(share, run.Clock.Elapsed, from, at - first, samples.Length - at) : share;
            run.Report(options.PositionShare + (1 - options.PositionShare) * done, report.ScoreLoss, "in order", at + batch.Length);
            // Saving rounds the counts, so it happens at the same samples in every run. What the weights are chosen on is not kept: a fit stopped there goes on from before it.
            if (!weighing && at / size % SaveEvery == SaveEvery - 1)
            {
                var saved = trainer.Save("fit", new Dictionary<string, long>(), null, null);
                run.Keep(state => new(saved.Snapshot, null, saved.Optimisers, state with { InOrder = saved.State, Share = share }));
            }
        }
        return Weighed(trainer.Release(), weights);
    }

    private OnlineTrainerOptions Learning => options.Trainer with { TrainedLayers = options.TrainedLayers };

    private OnlineTrainer Trainer(Snapshot start, FitCheckpoint? begun) => begun is { State.InOrder: { } state }
        ? OnlineTrainer.Resume(torchBackbone, backbone, new Checkpoint { Snapshot = begun.Current, Optimisers = begun.Optimisers, State = state }, Learning)
        : new OnlineTrainer(torchBackbone, backbone, start, Learning);

    // Behind the budget, fewer samples go through the language model; the encoder sees them all.
    private double Share(double share, TimeSpan elapsed, TimeSpan from, int done, int left) =>
        elapsed + (elapsed - from) / done * left > options.Budget ? Math.Max(LeastShare, share * 0.95) : share;

    // As many as the budget has time to score once more: a pass without its gradient takes about half of one with it.
    private double Weighed(TimeSpan elapsed, double passed) => options.Steps is not null ? options.WeightSamples
        : passed == 0 ? 0 : Math.Min(options.WeightSamples, WeightsPart * options.Budget.TotalSeconds / (elapsed.TotalSeconds / passed / 2));

    private static Snapshot Weighed(Snapshot snapshot, ScoreWeightFit weights)
    {
        var chosen = weights.Run([.. snapshot.Head.Weights.ToArray(), 1]);
        return snapshot with { Head = snapshot.Head.Scaled((float)chosen[ScoreWeights.Terms.Count]) with { Weights = ScoreWeights.Of([.. chosen.Select(value => (float)value)]) } };
    }
}
