using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// The items that two versions have in common, with their rows. Encoders grow with the catalogue, so their rows are compared by item.
/// </summary>
/// <param name="A">The rows of the shared items in the first version.</param>
/// <param name="B">The rows of the shared items in the second version, in the same order.</param>
/// <param name="Added">The number of items only in the second version.</param>
/// <param name="Gone">The number of items only in the first version.</param>
internal sealed record SharedItems(int[] A, int[] B, int Added, int Gone)
{
    private static readonly HashSet<string> ByItem = [SasRec.InputTable, SasRec.OutputTable, SasRec.OutputBias, "items.seen",
        "items.recent"];

    public static SharedItems Of(ItemTable a, ItemTable b)
    {
        int[] rows = [.. Enumerable.Range(0, a.Ids.Count).Where(row => b.RowOf(a.Ids[row]) >= 0)];
        return new(rows, [.. rows.Select(row => b.RowOf(a.Ids[row]))], b.Ids.Count - rows.Length, a.Ids.Count - rows.Length);
    }

    /// <summary>
    /// The values to compare of a tensor: of tensors with one row per item, only the shared items' rows (and not the padding row); else
    /// all.
    /// </summary>
    public (float[] A, float[] B) Align(Tensor a, Tensor b) => ByItem.Contains(a.Name) ? (Rows(a, A), Rows(b, B)) : (a.Values, b.Values);

    /// <summary>
    /// The co-occurrence weights of all pairs of shared items that are neighbours in at least one of the versions; 0 in a version where
    /// they are not.
    /// </summary>
    public (float[] A, float[] B) Align(ItemNeighbours a, ItemNeighbours b)
    {
        var known = A.ToHashSet();
        var rowInA = B.Zip(A).ToDictionary(pair => pair.First, pair => pair.Second);
        var (from, to) = (new List<float>(), new List<float>());
        for (var place = 0; place < A.Length; place++)
        {
            var before = a.Of(A[place]).Where(pair => known.Contains(pair.Key)).ToDictionary();
            var after =
                b.Of(B[place]).Where(pair => rowInA.ContainsKey(pair.Key)).ToDictionary(pair => rowInA[pair.Key], pair => pair.Value);
            foreach (var row in before.Keys.Union(after.Keys))
            {
                from.Add(before.GetValueOrDefault(row));
                to.Add(after.GetValueOrDefault(row));
            }
        }
        return ([.. from], [.. to]);
    }

    private static float[] Rows(Tensor tensor, int[] rows)
    {
        var width = tensor.Shape.Skip(1).Aggregate(1, (product, size) => product * size);
        var values = new float[rows.Length * width];
        for (var place = 0; place < rows.Length; place++)
            tensor.Values.AsSpan(rows[place] * width, width).CopyTo(values.AsSpan(place * width));
        return values;
    }
}
