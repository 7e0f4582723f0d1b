using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>How adapter and head are fit.</summary>
public sealed record AdapterFitOptions
{
    public AdapterShape Shape { get; init; } = AdapterShape.Default;

    public GateKind Gate { get; init; } = GateKind.Linear;

    public Scorer Scorer { get; init; } = Scorer.Head;

    /// <summary>
    /// In how many of the upper layers the adapter learns; null is all. Those below pass forward alone, which spares nearly half of what they cost; no gradient reaches the
    /// projector then.
    /// </summary>
    public int? TrainedLayers { get; init; }

    /// <summary>How many of the titles that the title scorer's prompt names are scored: the target's and others; null is all.</summary>
    public int? Answers { get; init; }

    public PromptStyle Prompt { get; init; } = PromptStyle.Hybrid;

    /// <summary>Wall-clock time of the whole; the schedule ends with it.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the first pass goes through its data at most; 0 is as often as the budget lasts.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>The first pass ends after so many steps, whatever the clock says; null leaves that to epochs and budget.</summary>
    public int? Steps { get; init; }

    /// <summary>The share of the sequences that the first pass puts aside to see when it no longer learns.</summary>
    public double ValidationShare { get; init; } = 0.05;

    /// <summary>Tries on those sequences (of twenty in a pass) without a better loss after which the first pass goes back to the best state and cools down.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>The part of the budget for the first pass.</summary>
    public double PositionShare { get; init; } = 0.4;

    /// <summary>The most tokens of a batch of the first pass, padding counted.</summary>
    public int TokenBudget { get; init; } = 2048;

    /// <summary>Peak learning rate of the first pass.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Where nothing else is wanted.</summary>
    public static double UsualRate(Scorer scorer) => scorer == Scorer.Head ? new AdapterFitOptions().Rate : new TitleFitOptions().Rate;

    /// <summary>Where the weights of the score's terms begin: roughly where several trials ended, so that the maps learn what the other terms leave.</summary>
    public ScoreWeights Weights { get; init; } = ScoreWeights.None
        .With(ScoreTerm.Encoder, 0.7f).With(ScoreTerm.Repeat, -3).With(ScoreTerm.TitleSimilarity, 3).With(ScoreTerm.CoOccurrence, 1.2f);

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
