using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>The training loss of the title scorer.</summary>
public enum TitleLoss
{
    /// <summary>Cross-entropy of the softmax over the candidates' scores.</summary>
    Listwise,

    /// <summary>The loss of the iLoRA paper: cross-entropy of the tokens of the target's title.</summary>
    LanguageModel,
}

/// <summary>Fits an adapter for the title scorer, on samples with randomly drawn candidates.</summary>
public sealed class TitleFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles,
    TitleFitOptions options, TimeProvider time)
{
    private const int ValidationSamples = 48;
    private const int MinValidation = 8;

    /// <summary>Runs the fit, or resumes it from its checkpoint.</summary>
    /// <param name="start">The initial snapshot.</param>
    /// <param name="samples">The samples to train on; every target has a title.</param>
    /// <param name="heldOut">Samples of other users, for early stopping; without any there is no early stopping.</param>
    /// <param name="progress">Reported to after every step.</param>
    /// <param name="file">The checkpoint file; null writes none.</param>
    /// <param name="stop">Cancels the fit.</param>
    /// <exception cref="InvalidDataException">The checkpoint is of a fit with other data or settings.</exception>
    public Snapshot Run(Snapshot start, IReadOnlyList<Sample> samples, IReadOnlyList<Sample> heldOut,
        IProgress<FitProgress>? progress = null, FitFile? file = null, CancellationToken stop = default)
    {
        var configuration = Configuration(start, samples, heldOut);
        var begun = file?.Load(configuration);
        var run =
            new FitRun(configuration, new FitClock(time, options.Budget, TimeSpan.FromSeconds(begun?.State.Seconds ?? 0)), progress, file,
                stop);
        var priors = new TitlePriors(torchBackbone, backbone, titles.Values);
        var learner = Learner(begun?.Current ?? start);
        if (begun is not null)
            learner.Resume(begun.Optimisers);
        string[] items = [.. titles.Keys];
        var known = heldOut.Where(learner.Knows).ToArray();
        // Spread over all held-out samples, since the samples of a user are adjacent. Too few would select a state by chance, so then none
        // are used.
        var count = known.Length < MinValidation ? 0 : Math.Min(ValidationSamples, known.Length);
        CandidateBatches validation =
            new([.. Enumerable.Range(0, count).Select(number => known[(long)number * known.Length / count])], items, options);
        var batches = new CandidateBatches([.. (count == 0 ? samples.Concat(heldOut) : samples).Where(learner.Knows)], items, options);
        var maxSteps = options.Epochs > 0 ? options.Epochs * (long)batches.Count : (long?)null;
        if (begun is null && options.Loss == TitleLoss.Listwise)
            learner.Calibrate(First(batches), stop);
        var schedule = new FitSchedule("title scorer", "samples", options.Rate, options.Steps, maxSteps, options.Patience);
        var loop = new FitLoop<CandidateSample[]>(run, schedule, time);
        var fitted = loop.Run(learner, Learner, batches.From, [.. validation.From(0).Take(validation.Count)], begun);
        return options.Loss == TitleLoss.Listwise ? fitted : Calibrated(fitted);

        TitleLearner Learner(Snapshot state) => new(torchBackbone, backbone, state, titles, options, priors);

        // The language-model loss does not train the weights of log-likelihood and prior, so they are fitted after it.
        Snapshot Calibrated(Snapshot state)
        {
            using var last = Learner(state);
            last.Calibrate(First(count == 0 ? batches : validation), stop);
            return last.Export();
        }
    }

    private static CandidateSample[] First(CandidateBatches batches) =>
        [.. batches.From(0).Take(batches.Count).SelectMany(batch => batch).Take(ValidationSamples)];

    private string Configuration(Snapshot start, IReadOnlyList<Sample> samples, IReadOnlyList<Sample> heldOut)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            Encoding.UTF8.GetBytes($"{options with { Budget = default }}|{backbone.Hash}|{torchBackbone.Precision}|{samples.Count}\n"));
        foreach (var part in SnapshotParts.Write(start).Values)
            hash.AppendData(part);
        foreach (var (item, title) in titles)
            hash.AppendData(Encoding.UTF8.GetBytes($"{item}\t{title}\n"));
        foreach (var sample in samples.Concat(heldOut))
            hash.AppendData(Encoding.UTF8.GetBytes($"{string.Join('\t', sample.History)}\t{sample.Target}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Hyperparameters of <see cref="TitleFit"/>.</summary>
public sealed record TitleFitOptions
{
    public TitleLoss Loss { get; init; } = TitleLoss.Listwise;

    /// <summary>The number of candidates that a prompt names.</summary>
    public int Candidates { get; init; } = 20;

    /// <summary>The number of them that the listwise loss scores: the target and those that follow it in the prompt; null is all.</summary>
    public int? Answers { get; init; }

    /// <summary>See <see cref="AdapterFitOptions.TrainedLayers"/>.</summary>
    public int? TrainedLayers { get; init; }

    public int Batch { get; init; } = 8;

    /// <summary>
    /// The maximum number of tokens of one forward pass, including padding; the gradients of a larger mini-batch are accumulated over
    /// several passes.
    /// </summary>
    public int TokenBudget { get; init; } = 2048;

    /// <summary>Peak learning rate.</summary>
    public double Rate { get; init; } = 7e-4;

    /// <summary>Wall-clock time of the whole fit; the learning-rate schedule ends with it.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The maximum number of epochs; 0 is as many as the budget allows.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// Early stopping: after this many validations (of twenty in a fit) without a lower loss the fit returns to the best state and decays
    /// the learning rate.
    /// </summary>
    public int Patience { get; init; } = 5;

    /// <summary>
    /// The number of steps, independent of the clock, so that the result is reproducible on the same machine with the same number of
    /// threads; null lets epochs and budget decide.
    /// </summary>
    public int? Steps { get; init; }

    public int Seed { get; init; } = 1;
}
