using System.Runtime.InteropServices;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Training.Samples;

/// <summary>
/// Counts each item's clicks: in total, and as a recent popularity in which older clicks decay exponentially. Row i is the encoder's row i.
/// </summary>
public sealed class ItemCounts
{
    private readonly List<string> ids;
    private readonly Dictionary<string, int> rows;
    private readonly List<float> seen;
    private readonly List<double> recent;
    private readonly double growth;
    // Instead of decaying every count at each click, new clicks get a growing weight and reading divides by the current weight.
    private double weight = 1;

    /// <param name="start">The initial counts.</param>
    /// <param name="halfLife">The half-life of a click in the recent popularity, in clicks.</param>
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

    /// <summary>The total number of clicks; 0 for row -1.</summary>
    public float Seen(int row) => row < 0 ? 0 : seen[row];

    /// <summary>The total number of clicks by row [N]; the span is valid until the next row is appended.</summary>
    public ReadOnlySpan<float> SeenByRow => CollectionsMarshal.AsSpan(seen);

    /// <summary>The recent popularity, in clicks; 0 for row -1.</summary>
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

    /// <summary>
    /// The counts as stored. Counting continues from the stored (rounded) values, so that a run that resumes from them gets the same
    /// counts.
    /// </summary>
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
