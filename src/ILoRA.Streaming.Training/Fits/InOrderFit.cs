using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// The second stage of an adapter fit: trains on clicks in order, test then train, as the online trainer does. The encoder's outputs are
/// then those of an encoder that has not seen the click, as on the stream, which the weights of the score's terms depend on. The weights
/// are fit on the last samples.
/// </summary>
internal sealed class InOrderFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles,
    AdapterFitOptions options)
{
    private const int SaveEvery = 10;
    private const int WarmUpBatches = 4;
    private const double MinShare = 0.02;
    private const double WeightsShare = 0.3;

    /// <summary>Runs the stage to its end.</summary>
    /// <param name="start">The initial state.</param>
    /// <param name="begun">A checkpoint of this stage to resume from, or null.</param>
    /// <param name="clicks">The clicks after those of the first stage.</param>
    /// <param name="run">Budget, reports and checkpoints.</param>
    public Snapshot Run(Snapshot start, FitCheckpoint? begun, IEnumerable<(string User, string Item)> clicks, FitRun run)
    {
        using var trainer = Trainer(start, begun);
        foreach (var (item, title) in titles)
            trainer.SetItem(item, title);
        var fold = new SequenceFold();
        // Histories start empty, as in a deployment whose store is empty at first; longer histories are learned from online.
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
            weighing |= samples.Length - at <= WeightSamples(run.Clock.Elapsed - from, passed);
            if (weighing && trainer.Terms(batch) is var (terms, targets))
                weights.Add(terms, targets);
            var report = trainer.Observe(batch, share);
            passed += share * batch.Length;
            if (options.Steps is null && at - first >= WarmUpBatches * size)
                share = Share(share, run.Clock.Elapsed, from, at - first, samples.Length - at);
            run.Report(options.PositionShare + (1 - options.PositionShare) * done, report.ScoreLoss, "in order", at + batch.Length);
            // Saving rounds the counts, so it happens at the same samples in every run. The samples for the weights are not saved: a fit
            // stopped among them resumes from before them.
            if (!weighing && at / size % SaveEvery == SaveEvery - 1)
            {
                var saved = trainer.Save("fit", new Dictionary<string, long>(), null, null);
                run.SaveIfDue(state => new(saved.Snapshot, null, saved.Optimisers, state with { InOrder = saved.State, Share = share }));
            }
        }
        return WithFittedWeights(trainer.Release(), weights);
    }

    private OnlineTrainerOptions Learning => options.Trainer with { TrainedLayers = options.TrainedLayers };

    private OnlineTrainer Trainer(Snapshot start, FitCheckpoint? begun) => begun is { State.InOrder: { } state }
        ? OnlineTrainer.Resume(torchBackbone, backbone,
            new Checkpoint { Snapshot = begun.Current, Optimisers = begun.Optimisers, State = state }, Learning)
        : new OnlineTrainer(torchBackbone, backbone, start, Learning);

    // When the stage is behind its budget, fewer samples go through the language model; the encoder is trained on all of them.
    private double Share(double share, TimeSpan elapsed, TimeSpan from, int done, int left) =>
        elapsed + (elapsed - from) / done * left > options.Budget ? Math.Max(MinShare, share * 0.95) : share;

    // The number of last samples that the budget allows to score a second time: a forward pass alone takes about half the time of a
    // training step.
    private double WeightSamples(TimeSpan elapsed, double passed) => options.Steps is not null ? options.WeightSamples
        : passed == 0 ? 0
        : Math.Min(options.WeightSamples, WeightsShare * options.Budget.TotalSeconds / (elapsed.TotalSeconds / passed / 2));

    private static Snapshot WithFittedWeights(Snapshot snapshot, ScoreWeightFit weights)
    {
        var chosen = weights.Run([.. snapshot.Head.Weights.ToArray(), 1]);
        return snapshot with
        {
            Head =
            snapshot.Head.Scaled((float)chosen[ScoreWeights.Terms.Count]) with
            {
                Weights =
                ScoreWeights.Of([.. chosen.Select(value => (float)value)])
            }
        };
    }
}
