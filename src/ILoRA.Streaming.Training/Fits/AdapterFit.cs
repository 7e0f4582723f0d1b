using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Fits adapter and score head for the head scorer in two passes. First, on the clicks that the encoder was fit on, the language model's part alone
/// (<see cref="PositionFit"/>). Then the later clicks in order, test then train: there the encoder's outputs are what they will be on the stream, from before
/// the click, so the weights of the score's terms come out right (METHOD 8C).
/// </summary>
public sealed class AdapterFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles, AdapterFitOptions options, TimeProvider time)
{
    /// <param name="encoder">The encoder, fit on the first <paramref name="known"/> clicks.</param>
    /// <param name="items">Its items and counts.</param>
    /// <param name="clicks">User and item in event order.</param>
    /// <param name="known">How many clicks the encoder has seen.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    public Snapshot Run(SasRec encoder, ItemTable items, IReadOnlyList<(string User, string Item)> clicks, int known, IProgress<FitProgress>? progress = null, CancellationToken stop = default)
    {
        var start = Initial(encoder, items) with { Neighbours = Neighbours(items, clicks.Take(known)) };
        var sequences = clicks.Take(known).GroupBy(click => click.User, StringComparer.Ordinal)
            .Select(group => (IReadOnlyList<string>)[.. group.Select(click => click.Item)]).Where(sequence => sequence.Count > 1).ToArray();
        var begun = time.GetTimestamp();
        var fitted = OnPositions(start, sequences, begun, progress, stop);
        return InOrder(fitted, clicks, known, begun, progress, stop);
    }

    /// <summary>An untrained adapter and head around an encoder.</summary>
    public Snapshot Initial(SasRec encoder, ItemTable items)
    {
        var random = new SavedRandom((ulong)options.Seed);
        var config = torchBackbone.Config;
        return new()
        {
            Backbone = backbone.Hash,
            Lora = TorchLora.Initial(config, options.Shape, random),
            Gate = options.UniformGate ? Gate.Uniform(options.Shape.Experts, encoder.Width)
                : new(options.Shape.Experts, encoder.Width, Devices.RandomValues.Normal(random, options.Shape.Experts * encoder.Width, 0.02f)),
            Projector = TorchProjector.Initial(encoder.Width, config.Hidden, random),
            Head = TorchHead.Initial(config.Hidden, encoder.Width, Centre(), options.Weights, random),
            Encoder = encoder,
            Items = items,
            Neighbours = ItemNeighbours.None(items.Ids.Count),
            Scorer = options.Scorer,
            Prompt = options.Prompt,
        };
    }

    private float[] Centre()
    {
        var centre = new float[backbone.Config.Hidden];
        foreach (var title in titles.Values)
            Matrix.AddScaled<float>(TitleVectors.Of(backbone, title), 1f / titles.Count, centre);
        return centre;
    }

    private ItemNeighbours Neighbours(ItemTable items, IEnumerable<(string User, string Item)> clicks)
    {
        var counts = new NeighbourCounts(ItemNeighbours.None(items.Ids.Count), options.Trainer.Neighbours);
        var fold = new SequenceFold();
        foreach (var sample in clicks.Select(click => fold.Click(click.User, click.Item)).OfType<Sample>())
        {
            if (items.RowOf(sample.Target) is var target and >= 0)
                counts.Click([.. sample.History.Select(items.RowOf).Where(row => row >= 0)], target);
        }
        return counts.Export(items.Ids.Count);
    }

    private Snapshot OnPositions(Snapshot start, IReadOnlyList<IReadOnlyList<string>> sequences, long begun, IProgress<FitProgress>? progress, CancellationToken stop)
    {
        using var fit = new PositionFit(torchBackbone, backbone, start, titles);
        var budget = options.Budget * options.PositionShare;
        fit.Run(sequences, options.PositionBatch, options.Rate, new SavedRandom((ulong)options.Seed), (step, steps, loss) =>
        {
            stop.ThrowIfCancellationRequested();
            var done = Math.Max((double)step / steps, time.GetElapsedTime(begun) / budget);
            progress?.Report(new(done * options.PositionShare, loss, "language model"));
            return done;
        });
        var fitted = fit.Export(start);
        // The encoder will explain most of what the language model learned alone, so its term begins at half.
        return fitted with { Head = fitted.Head with { Title = Scaled(fitted.Head.Title, 0.5f), Item = Scaled(fitted.Head.Item, 0.5f) } };
    }

    private Snapshot InOrder(Snapshot start, IReadOnlyList<(string User, string Item)> clicks, int known, long begun, IProgress<FitProgress>? progress, CancellationToken stop)
    {
        using var trainer = new OnlineTrainer(torchBackbone, backbone, start, options.Trainer);
        foreach (var (item, title) in titles)
            trainer.SetItem(item, title);
        var fold = new SequenceFold();
        var samples = new List<Sample>();
        // Histories begin anew here, as in a store that starts empty with the stream: what long ones add is learned online.
        foreach (var (user, item) in clicks.Skip(known))
        {
            if (fold.Click(user, item) is { } sample)
                samples.Add(sample);
        }
        using var weights = new ScoreWeightFit();
        var (share, begunHere) = (options.Trainer.LanguageModelShare, time.GetTimestamp());
        for (var at = 0; at < samples.Count; at += options.Trainer.Batch)
        {
            stop.ThrowIfCancellationRequested();
            var done = (double)at / samples.Count;
            trainer.RateScale = Schedule.WarmUpThenCosine(1, done);
            var batch = samples.GetRange(at, Math.Min(options.Trainer.Batch, samples.Count - at));
            if (samples.Count - at <= options.WeightSamples && trainer.Terms(batch) is var (terms, targets))
                weights.Add(terms, targets);
            var report = trainer.Observe(batch, share);
            // Behind the budget, fewer samples go through the language model; the encoder sees them all.
            var pace = time.GetElapsedTime(begunHere) / Math.Max(done, 1e-3);
            if (at > 50 * options.Trainer.Batch && time.GetElapsedTime(begun) + pace * (1 - done) > options.Budget)
                share = Math.Max(0.05, share * 0.98);
            progress?.Report(new(options.PositionShare + (1 - options.PositionShare) * done, report.ScoreLoss, "in order"));
        }
        return Weighed(trainer.Release(), weights);
    }

    private static Snapshot Weighed(Snapshot snapshot, ScoreWeightFit weights)
    {
        var head = snapshot.Head;
        float[] chosen = [.. weights.Run([.. head.Weights.ToArray(), 1]).Select(value => (float)value)];
        var scale = chosen[ScoreWeights.Count];
        return snapshot with { Head = head with { Weights = ScoreWeights.Of(chosen), Title = Scaled(head.Title, scale), Item = Scaled(head.Item, scale) } };
    }

    private static float[] Scaled(float[] values, float scale) => [.. values.Select(value => value * scale)];
}

/// <summary>How adapter and head are fit.</summary>
public sealed record AdapterFitOptions
{
    public AdapterShape Shape { get; init; } = AdapterShape.Default;

    /// <summary>An ordinary LoRA: the gate stays 1/K.</summary>
    public bool UniformGate { get; init; }

    public Scorer Scorer { get; init; } = Scorer.Head;
    public PromptStyle Prompt { get; init; } = PromptStyle.Hybrid;

    /// <summary>Wall-clock limit; the fit ends when its data do, if that is sooner.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The part of the budget for the first pass.</summary>
    public double PositionShare { get; init; } = 0.4;

    public int PositionBatch { get; init; } = 16;

    /// <summary>Peak learning rate of the first pass.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Where the weights of the score's terms begin: roughly where several trials ended, so that the maps learn what the other terms leave.</summary>
    public ScoreWeights Weights { get; init; } = new(Encoder: 0.7f, Popularity: 0, New: 0, Repeat: -3, Similar: 3, Together: 1.2f);

    /// <summary>How many of the last samples, scored before they are learned from, the weights are chosen on.</summary>
    public int WeightSamples { get; init; } = 2000;

    /// <summary>The second pass.</summary>
    public OnlineTrainerOptions Trainer { get; init; } = new()
    {
        HeadRate = 5e-4,
        ScalarRate = 1e-3,
        AdapterRate = 3e-4,
        Pull = 0,
        LanguageModelShare = 0.5,
        Replay = 0.25,
    };

    public int Seed { get; init; } = 1;
}
