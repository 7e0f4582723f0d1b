using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>The weight of one term of the score in two versions.</summary>
/// <param name="Term">The name of a <see cref="ScoreTerm"/>, or likelihood or prior where at least one version uses the title
/// scorer.</param>
/// <param name="A">The weight in the first version.</param>
/// <param name="B">The weight in the second version.</param>
public sealed record WeightDiff(string Term, float A, float B)
{
    internal static IReadOnlyList<WeightDiff> Of(Snapshot a, Snapshot b) =>
        [.. Of(a.Head.Weights, b.Head.Weights),
            .. a.Scorer == Scorer.Title || b.Scorer == Scorer.Title ? Of(a.Head.TitleWeights, b.Head.TitleWeights) : []];

    private static WeightDiff[] Of(TitleWeights a, TitleWeights b) =>
        [new("likelihood", a.Likelihood, b.Likelihood), new("prior", a.Prior, b.Prior)];

    private static IEnumerable<WeightDiff> Of(ScoreWeights a, ScoreWeights b) =>
        ScoreWeights.Terms.Select(term => new WeightDiff(ScoreWeights.NameOf(term), a[term], b[term]));
}
