using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>How the items that a target is ranked among are drawn.</summary>
public enum CandidateKind
{
    /// <summary>19, each item as likely as another.</summary>
    Uniform19,

    /// <summary>99, as likely as they were clicked often.</summary>
    Popular99,
}

/// <summary>Draws candidates outside of the history and the target, among the items that were clicked so far: nobody competes before it is there.</summary>
/// <param name="kind">How.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class CandidateDraw(CandidateKind kind, Random random)
{
    private readonly List<int> items = [];
    private readonly List<int> clicks = [];
    private readonly HashSet<int> known = [];

    public void Click(int place, int times = 1)
    {
        if (times > 0 && known.Add(place))
            items.Add(place);
        clicks.AddRange(Enumerable.Repeat(place, times));
    }

    /// <param name="sample">Its target is left out, and its history.</param>
    /// <param name="placeOf">An item's place in the catalogue, or -1.</param>
    /// <returns>Places; fewer than wanted where too few items are known.</returns>
    public int[] Draw(Sample sample, Func<string, int> placeOf)
    {
        var (from, wanted) = kind == CandidateKind.Uniform19 ? (items, 19) : (clicks, 99);
        var taken = sample.History.Append(sample.Target).Select(placeOf).ToHashSet();
        return from.Count == 0 ? [] : [.. DistinctDraw.Of(wanted, taken, () => from[random.Next(from.Count)])];
    }
}
