using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>What one term of the head scorer's sum weighs in two versions.</summary>
/// <param name="Term">encoder, popularity, new, repeat, similar or together.</param>
/// <param name="A">In one version.</param>
/// <param name="B">In the other.</param>
public sealed record WeightDiff(string Term, float A, float B)
{
    internal static IReadOnlyList<WeightDiff> Of(ScoreWeights a, ScoreWeights b) =>
    [
        new("encoder", a.Encoder, b.Encoder),
        new("popularity", a.Popularity, b.Popularity),
        new("new", a.New, b.New),
        new("repeat", a.Repeat, b.Repeat),
        new("similar", a.Similar, b.Similar),
        new("together", a.Together, b.Together),
    ];
}
