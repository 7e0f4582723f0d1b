using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Hyperparameters of <see cref="AdapterFit"/>.</summary>
public sealed record AdapterFitOptions
{
    public AdapterShape Shape { get; init; } = AdapterShape.Default;

    public GateKind Gate { get; init; } = GateKind.Linear;

    public Scorer Scorer { get; init; } = Scorer.Head;

    /// <summary>
    /// The number of upper layers whose LoRA factors are trained; null is all. The layers below need no backward pass, which saves nearly
    /// half of their cost, but then no gradient reaches the projector.
    /// </summary>
    public int? TrainedLayers { get; init; }

    /// <summary>For the title scorer: the number of a prompt's candidates that are scored, including the target; null is all.</summary>
    public int? Answers { get; init; }

    public PromptStyle Prompt { get; init; } = PromptStyle.Hybrid;

    /// <summary>Wall-clock time of the whole fit; the learning-rate schedule ends with it.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The maximum number of epochs of the first stage; 0 is as many as the budget allows.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>The number of steps of the first stage, independent of the clock; null lets epochs and budget decide.</summary>
    public int? Steps { get; init; }

    /// <summary>The share of the sequences that the first stage holds out for early stopping.</summary>
    public double ValidationShare { get; init; } = 0.05;

    /// <summary>
    /// Early stopping of the first stage: after this many validations (of twenty in a stage) without a lower loss it returns to the best
    /// state and decays the learning rate.
    /// </summary>
    public int Patience { get; init; } = 5;

    /// <summary>The share of the budget for the first stage.</summary>
    public double PositionShare { get; init; } = 0.4;

    /// <summary>The maximum number of tokens of a mini-batch of the first stage, including padding.</summary>
    public int TokenBudget { get; init; } = 2048;

    /// <summary>Peak learning rate of the first stage.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>The default peak learning rate for a scorer.</summary>
    public static double UsualRate(Scorer scorer) => scorer == Scorer.Head ? new AdapterFitOptions().Rate : new TitleFitOptions().Rate;

    /// <summary>
    /// The initial weights of the score's terms, close to the final weights of several trials, so that the maps learn what the other terms
    /// do not explain.
    /// </summary>
    public ScoreWeights Weights { get; init; } = ScoreWeights.None
        .With(ScoreTerm.Encoder, 0.7f).With(ScoreTerm.Repeat, -3).With(ScoreTerm.TitleSimilarity, 3).With(ScoreTerm.CoOccurrence, 1.2f);

    /// <summary>The number of last samples, scored before they are trained on, that the weights of the terms are fit on.</summary>
    public int WeightSamples { get; init; } = 2000;

    /// <summary>Hyperparameters of the second stage.</summary>
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
