using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Which loss the title scorer is fit with.</summary>
public enum TitleLoss
{
    /// <summary>Softmax over the packed candidates' scores.</summary>
    Listwise,

    /// <summary>The paper's: cross-entropy of the answer's tokens.</summary>
    LanguageModel,
}

/// <summary>Fits an adapter for the title scorer: the target's title among drawn candidates.</summary>
public sealed class TitleFit(TorchBackbone torchBackbone, Backbone backbone, IReadOnlyDictionary<string, string> titles, TitleFitOptions options, TimeProvider time)
{
    private const int ValidationSamples = 48;
    private const int LeastValidation = 8;

    /// <param name="start">The adapter to begin with.</param>
    /// <param name="samples">Histories and targets, all of them with a title.</param>
    /// <param name="aside">Samples of other users, to see when it no longer gains; of none the fit runs to its end.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="file">Where the checkpoint is kept, and gone on from; null keeps none.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    /// <exception cref="InvalidDataException">The checkpoint is of another fit.</exception>
    public Snapshot Run(Snapshot start, IReadOnlyList<Sample> samples, IReadOnlyList<Sample> aside, IProgress<FitProgress>? progress = null, FitFile? file = null, CancellationToken stop = default)
    {
        var configuration = Configuration(start, samples, aside);
        var begun = file?.Load(configuration);
        var run = new FitRun(configuration, new FitClock(time, options.Budget, TimeSpan.FromSeconds(begun?.State.Seconds ?? 0)), progress, file, stop);
        var priors = new TitlePriors(torchBackbone, backbone, titles.Values);
        var learner = Learner(begun?.Current ?? start);
        if (begun is not null)
            learner.Resume(begun.Optimisers);
        string[] items = [.. titles.Keys];
        var known = aside.Where(learner.Knows).ToArray();
        // From the first to the last, for a user's samples follow each other; too few would choose a state by chance.
        var count = known.Length < LeastValidation ? 0 : Math.Min(ValidationSamples, known.Length);
        var tried = new CandidateBatches([.. Enumerable.Range(0, count).Select(number => known[(long)number * known.Length / count])], items, options);
        var questions = new CandidateBatches([.. (count == 0 ? samples.Concat(aside) : samples).Where(learner.Knows)], items, options);
        var most = options.Epochs > 0 ? options.Epochs * (long)questions.Count : (long?)null;
        if (begun is null && options.Loss == TitleLoss.Listwise)
            learner.Calibrate(Some(questions), stop);
        var pass = new FitPass<CandidateSample[]>(run, new("title scorer", "samples", options.Rate, options.Steps, most, options.Patience), time);
        var fitted = pass.Run(learner, Learner, questions.From, [.. tried.From(0).Take(tried.Count)], begun);
        return options.Loss == TitleLoss.Listwise ? fitted : Calibrated(fitted);

        TitleLearner Learner(Snapshot state) => new(torchBackbone, backbone, state, titles, options, priors);

        // The language-model loss says nothing of how one title compares with another, so that is found behind it.
        Snapshot Calibrated(Snapshot state)
        {
            using var last = Learner(state);
            last.Calibrate(Some(count == 0 ? questions : tried), stop);
            return last.Export();
        }
    }

    private static CandidateSample[] Some(CandidateBatches questions) => [.. questions.From(0).Take(questions.Count).SelectMany(batch => batch).Take(ValidationSamples)];

    private string Configuration(Snapshot start, IReadOnlyList<Sample> samples, IReadOnlyList<Sample> aside)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{options with { Budget = default }}|{backbone.Hash}|{torchBackbone.Precision}|{samples.Count}\n"));
        foreach (var part in SnapshotParts.Write(start).Values)
            hash.AppendData(part);
        foreach (var (item, title) in titles)
            hash.AppendData(Encoding.UTF8.GetBytes($"{item}\t{title}\n"));
        foreach (var sample in samples.Concat(aside))
            hash.AppendData(Encoding.UTF8.GetBytes($"{string.Join('\t', sample.History)}\t{sample.Target}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>How the title scorer's adapter is fit.</summary>
public sealed record TitleFitOptions
{
    public TitleLoss Loss { get; init; } = TitleLoss.Listwise;

    /// <summary>Titles that a prompt names.</summary>
    public int Candidates { get; init; } = 20;

    /// <summary>How many of them are scored, by the listwise loss: the target's and those that follow it; null is all.</summary>
    public int? Answers { get; init; }

    /// <summary>See <see cref="AdapterFitOptions.TrainedLayers"/>.</summary>
    public int? TrainedLayers { get; init; }

    public int Batch { get; init; } = 8;

    /// <summary>The most tokens of one pass, padding counted: a batch goes through in as many passes as that takes, with one step at its end.</summary>
    public int TokenBudget { get; init; } = 2048;

    /// <summary>Peak learning rate.</summary>
    public double Rate { get; init; } = 7e-4;

    /// <summary>Wall-clock time of the whole; the schedule ends with it.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it goes through its samples at most; 0 is as often as the budget lasts.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Tries on the samples put aside (of twenty in a fit) without a better loss after which it goes back to the best state and cools down.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>The fit ends after so many steps, whatever the clock says, so that it ends in the same bytes on the same machine and number of threads; null leaves that to the budget and the samples.</summary>
    public int? Steps { get; init; }

    public int Seed { get; init; } = 1;
}
