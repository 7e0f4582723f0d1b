namespace ILoRA.Streaming.Training.Samples;

/// <summary>Draws candidates that a target is ranked among: none twice, and none that is taken.</summary>
internal static class DistinctDraw
{
    private const int TriesEach = 100;

    /// <param name="wanted">How many.</param>
    /// <param name="taken">What must not come out, as the target and its history; what is drawn joins it.</param>
    /// <param name="next">Draws one.</param>
    /// <returns>In the order drawn; fewer than wanted where <paramref name="next"/> hardly has anything else.</returns>
    public static List<T> Of<T>(int wanted, HashSet<T> taken, Func<T> next)
    {
        var drawn = new List<T>(wanted);
        for (var tries = 0; drawn.Count < wanted && tries < TriesEach * wanted; tries++)
            if (next() is var item && taken.Add(item))
                drawn.Add(item);
        return drawn;
    }
}
