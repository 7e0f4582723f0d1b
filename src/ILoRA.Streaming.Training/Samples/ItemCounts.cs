using System.Runtime.InteropServices;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Training.Samples;

/// <summary>How often each item was seen, ever and lately. Row i belongs to the encoder's row i.</summary>
public sealed class ItemCounts
{
    private readonly List<string> ids;
    private readonly Dictionary<string, int> rows;
    private readonly List<float> seen;
    private readonly List<double> recent;
    private readonly double growth;
    // Instead of shrinking every count at each click, new clicks weigh more and reading divides by the present weight.
    private double weight = 1;

    /// <param name="start">Counts to go on from.</param>
    /// <param name="halfLife">Clicks after which a click counts half in the recent counts.</param>
    public ItemCounts(ItemTable start, double halfLife)
    {
        ids = [.. start.Ids];
        seen = [.. start.Seen];
        recent = [.. start.Recent.Select(count => (double)count)];
        rows = ids.Select((id, row) => (id, row)).ToDictionary(pair => pair.id, pair => pair.row, StringComparer.Ordinal);
        growth = Math.Pow(2, 1 / halfLife);
    }

    public int Count => ids.Count;

    /// <returns>The item's row, or -1.</returns>
    public int RowOf(string item) => rows.TryGetValue(item, out var row) ? row : -1;

    public float Seen(int row) => row < 0 ? 0 : seen[row];

    /// <summary>Times seen by row [N]; valid until the next row is appended.</summary>
    public ReadOnlySpan<float> SeenByRow => CollectionsMarshal.AsSpan(seen);

    public float Recent(int row) => row < 0 ? 0 : (float)(recent[row] / weight);

    /// <summary>Appends a row for a new item.</summary>
    public int Append(string item)
    {
        rows[item] = ids.Count;
        ids.Add(item);
        seen.Add(0);
        recent.Add(0);
        return ids.Count - 1;
    }

    public void Click(int row)
    {
        weight *= growth;
        seen[row]++;
        recent[row] += weight;
        if (weight > 1e100)
            Rescale();
    }

    /// <summary>The counts as they are stored; counting goes on from the stored numbers, so that one who resumes from them counts the same.</summary>
    public ItemTable Export()
    {
        Rescale();
        return new([.. ids], [.. seen], [.. recent.Select(count => (float)count)]);
    }

    private void Rescale()
    {
        for (var row = 0; row < recent.Count; row++)
            recent[row] = (float)(recent[row] / weight);
        weight = 1;
    }
}
