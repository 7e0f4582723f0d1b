using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>How the candidates that a target is ranked among are drawn.</summary>
public enum CandidateKind
{
    /// <summary>19 uniformly drawn items.</summary>
    Uniform19,

    /// <summary>99 items drawn in proportion to their numbers of clicks.</summary>
    Popular99,
}

/// <summary>
/// Draws candidates from the items that were clicked so far, without the target and the items of its history. Items that do not exist yet
/// in event time are thus no candidates.
/// </summary>
/// <param name="kind">The distribution of the candidates.</param>
/// <param name="random">The generator.</param>
internal sealed class CandidateDraw(CandidateKind kind, Random random)
{
    private readonly List<int> items = [];
    private readonly List<int> clicks = [];
    private readonly HashSet<int> known = [];

    /// <summary>Adds clicks on an item.</summary>
    /// <param name="item">The item's index in the catalogue.</param>
    /// <param name="times">The number of clicks.</param>
    public void Click(int item, int times = 1)
    {
        if (times > 0 && known.Add(item))
            items.Add(item);
        clicks.AddRange(Enumerable.Repeat(item, times));
    }

    /// <summary>Draws the candidates of a sample.</summary>
    /// <param name="sample">The sample, whose target and history are left out.</param>
    /// <param name="indexOf">Gives an item's index in the catalogue, or -1.</param>
    /// <returns>Indices into the catalogue; fewer than 19 or 99 where too few items were clicked.</returns>
    public int[] Draw(Sample sample, Func<string, int> indexOf)
    {
        var (from, wanted) = kind == CandidateKind.Uniform19 ? (items, 19) : (clicks, 99);
        var taken = sample.History.Append(sample.Target).Select(indexOf).ToHashSet();
        return from.Count == 0 ? [] : [.. DistinctDraw.Of(wanted, taken, () => from[random.Next(from.Count)])];
    }
}
