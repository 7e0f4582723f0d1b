namespace ILoRA.Streaming.Training.Offline;

/// <summary>Computes a target's rank among all items of the catalogue.</summary>
internal static class CatalogueRank
{
    /// <param name="scores">[M], the items' scores.</param>
    /// <param name="target">The target's index.</param>
    /// <returns>The rank, from 1; the mean rank of the tied items where the target's score is tied.</returns>
    public static double Of(ReadOnlySpan<float> scores, int target)
    {
        var (above, tied) = (0, 0);
        foreach (var score in scores)
        {
            above += score > scores[target] ? 1 : 0;
            tied += score == scores[target] ? 1 : 0;
        }
        return 1 + above + (tied - 1) / 2.0;
    }
}
