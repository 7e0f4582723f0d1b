using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>What one term of a score weighs in two versions.</summary>
/// <param name="Term">encoder, popularity, new, repeat, similar or together; where one of them is of the title scorer, likelihood and null.</param>
/// <param name="A">In one version.</param>
/// <param name="B">In the other.</param>
public sealed record WeightDiff(string Term, float A, float B)
{
    internal static IReadOnlyList<WeightDiff> Of(Snapshot a, Snapshot b) =>
        [.. Of(a.Head.Weights, b.Head.Weights), .. a.Scorer == Scorer.Title || b.Scorer == Scorer.Title ? Of(a.Head.TitleWeights, b.Head.TitleWeights) : []];

    private static WeightDiff[] Of(TitleWeights a, TitleWeights b) => [new("likelihood", a.Likelihood, b.Likelihood), new("prior", a.Prior, b.Prior)];

    private static WeightDiff[] Of(ScoreWeights a, ScoreWeights b) =>
    [
        new("encoder", a.Encoder, b.Encoder),
        new("popularity", a.Popularity, b.Popularity),
        new("new", a.New, b.New),
        new("repeat", a.Repeat, b.Repeat),
        new("similar", a.Similar, b.Similar),
        new("together", a.Together, b.Together),
    ];
}
