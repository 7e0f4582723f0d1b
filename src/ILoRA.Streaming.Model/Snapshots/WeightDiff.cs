using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>What one term of a score weighs in two versions.</summary>
/// <param name="Term">The name of a <see cref="ScoreTerm"/>; where one of the versions is of the title scorer, likelihood and prior too.</param>
/// <param name="A">In one version.</param>
/// <param name="B">In the other.</param>
public sealed record WeightDiff(string Term, float A, float B)
{
    internal static IReadOnlyList<WeightDiff> Of(Snapshot a, Snapshot b) =>
        [.. Of(a.Head.Weights, b.Head.Weights), .. a.Scorer == Scorer.Title || b.Scorer == Scorer.Title ? Of(a.Head.TitleWeights, b.Head.TitleWeights) : []];

    private static WeightDiff[] Of(TitleWeights a, TitleWeights b) => [new("likelihood", a.Likelihood, b.Likelihood), new("prior", a.Prior, b.Prior)];

    private static IEnumerable<WeightDiff> Of(ScoreWeights a, ScoreWeights b) =>
        ScoreWeights.Terms.Select(term => new WeightDiff(ScoreWeights.NameOf(term), a[term], b[term]));
}
