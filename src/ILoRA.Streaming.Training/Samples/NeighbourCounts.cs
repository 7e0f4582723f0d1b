using ILoRA.Streaming.Model.Scoring;

namespace ILoRA.Streaming.Training.Samples;

/// <summary>Counts which items are clicked close to which (formula at <see cref="ItemNeighbours"/>). Row i belongs to the encoder's row i.</summary>
public sealed class NeighbourCounts
{
    private const int Remembered = 8;
    private readonly List<Dictionary<int, float>> rows = [];
    private readonly int most;

    /// <param name="start">Counts to go on from.</param>
    /// <param name="most">The neighbours that a version has of an item, the strongest.</param>
    public NeighbourCounts(ItemNeighbours start, int most)
    {
        this.most = most;
        for (var row = 0; row < start.Count; row++)
            rows.Add(start.Of(row).ToDictionary());
    }

    /// <param name="history">Rows before the click, oldest first.</param>
    /// <param name="target">The row that was clicked.</param>
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

    /// <returns>Row and weight of an item's neighbours.</returns>
    public IEnumerable<KeyValuePair<int, float>> Of(int row) => row < rows.Count ? rows[row] : [];

    /// <summary>The strongest neighbours of each item, for a version.</summary>
    /// <param name="items">N</param>
    public ItemNeighbours Export(int items)
    {
        Reserve(items - 1);
        return Packed(items, row => rows[row].Count > most ? Strongest(row, most) : rows[row]);
    }

    /// <summary>For a checkpoint: several times as many, so that a neighbour that grows slowly is not forgotten again and again. Counting goes on from what is saved, so that one who resumes counts the same.</summary>
    /// <param name="items">N</param>
    public ItemNeighbours Save(int items)
    {
        Reserve(items - 1);
        for (var row = 0; row < items; row++)
            if (rows[row].Count > Remembered * most)
                rows[row] = Strongest(row, Remembered * most);
        return Packed(items, row => rows[row]);
    }

    private Dictionary<int, float> Strongest(int row, int count) => rows[row].OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(count).ToDictionary();

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
