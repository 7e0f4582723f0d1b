namespace ILoRA.Streaming.Training.Samples;

/// <summary>Draws distinct values by rejection, for example the candidates that a target is ranked among.</summary>
internal static class DistinctDraw
{
    private const int TriesEach = 100;

    /// <param name="wanted">The number of values to draw.</param>
    /// <param name="taken">Values to reject, such as the target and its history; drawn values are added to it.</param>
    /// <param name="next">Draws one value.</param>
    /// <returns>The values in the order drawn; fewer than wanted where <paramref name="next"/> rarely gives a new value.</returns>
    public static List<T> Of<T>(int wanted, HashSet<T> taken, Func<T> next)
    {
        var drawn = new List<T>(wanted);
        for (var tries = 0; drawn.Count < wanted && tries < TriesEach * wanted; tries++)
            if (next() is var item && taken.Add(item))
                drawn.Add(item);
        return drawn;
    }
}
