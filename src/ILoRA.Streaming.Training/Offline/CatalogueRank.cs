namespace ILoRA.Streaming.Training.Offline;

/// <summary>A target's rank in a catalogue by score.</summary>
internal static class CatalogueRank
{
    /// <param name="scores">[M]</param>
    /// <param name="target">Its place.</param>
    /// <returns>From 1; the middle of the places that tied items share.</returns>
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
