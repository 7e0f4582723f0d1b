using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Training.Samples;

/// <summary>
/// Counts co-occurrences: pairs of items that are clicked close to each other in a history (formula at <see cref="ItemNeighbours"/>). Row i
/// is the encoder's row i.
/// </summary>
public sealed class NeighbourCounts
{
    private const int Remembered = 8;
    private readonly List<Dictionary<int, float>> rows = [];
    private readonly int most;

    /// <param name="start">The initial counts.</param>
    /// <param name="most">The maximum number of neighbours that <see cref="Export"/> keeps for an item.</param>
    public NeighbourCounts(ItemNeighbours start, int most)
    {
        this.most = most;
        for (var row = 0; row < start.Count; row++)
            rows.Add(start.Of(row).ToDictionary());
    }

    /// <summary>Counts the pairs of a clicked item with the newest items of its history.</summary>
    /// <param name="history">The history's rows, oldest first.</param>
    /// <param name="target">The clicked item's row.</param>
    public void Click(ReadOnlySpan<int> history, int target)
    {
        var weight = 1f;
        for (var at = history.Length - 1; at >= 0 && at >= history.Length - ItemNeighbours.Window; at--, weight *= ItemNeighbours.PairDecay)
        {
            if (history[at] == target)
                continue;
            Add(history[at], target, weight);
            Add(target, history[at], weight);
        }
    }

    /// <returns>An item's neighbours: row and co-occurrence count.</returns>
    public IEnumerable<KeyValuePair<int, float>> Of(int row) => row < rows.Count ? rows[row] : [];

    /// <summary>The neighbours for a published version: of each item those with the highest counts.</summary>
    /// <param name="items">N</param>
    public ItemNeighbours Export(int items)
    {
        Reserve(items - 1);
        return Packed(items, row => rows[row].Count > most ? Strongest(row, most) : rows[row]);
    }

    /// <summary>
    /// The neighbours for a checkpoint: eight times as many as in a version, so that the count of a slowly growing neighbour is not
    /// repeatedly lost. Counting continues from what is saved, so that a resumed run gets the same counts.
    /// </summary>
    /// <param name="items">N</param>
    public ItemNeighbours Save(int items)
    {
        Reserve(items - 1);
        for (var row = 0; row < items; row++)
            if (rows[row].Count > Remembered * most)
                rows[row] = Strongest(row, Remembered * most);
        return Packed(items, row => rows[row]);
    }

    private Dictionary<int, float> Strongest(int row, int count) =>
        rows[row].OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(count).ToDictionary();

    private static ItemNeighbours Packed(int items, Func<int, Dictionary<int, float>> of)
    {
        var starts = new int[items + 1];
        var (neighbours, weights) = (new List<int>(), new List<float>());
        for (var row = 0; row < items; row++)
        {
            foreach (var (neighbour, weight) in of(row).OrderBy(pair => pair.Key))
            {
                neighbours.Add(neighbour);
                weights.Add(weight);
            }
            starts[row + 1] = neighbours.Count;
        }
        return new([.. starts], [.. neighbours], [.. weights]);
    }

    private void Add(int row, int neighbour, float weight)
    {
        Reserve(row);
        rows[row][neighbour] = rows[row].GetValueOrDefault(neighbour) + weight;
    }

    private void Reserve(int row)
    {
        while (rows.Count <= row)
            rows.Add([]);
    }
}
