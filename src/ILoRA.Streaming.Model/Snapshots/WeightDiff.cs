using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>What one term of a score weighs in two versions.</summary>
/// <param name="Term">encoder, popularity, new, repeat, similar or together; the title scorer's likelihood and null.</param>
/// <param name="A">In one version.</param>
/// <param name="B">In the other.</param>
public sealed record WeightDiff(string Term, float A, float B)
{
    internal static IReadOnlyList<WeightDiff> Of(ScoreHead a, ScoreHead b) => [.. Of(a.Weights, b.Weights), .. Of(a.Titles, b.Titles)];

    private static WeightDiff[] Of(TitleWeights a, TitleWeights b) => [new("likelihood", a.Likelihood, b.Likelihood), new("null", a.Null, b.Null)];

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
