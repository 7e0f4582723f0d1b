using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>The items that two versions both have rows for: an encoder grows with the catalogue, so its rows are compared item by item.</summary>
/// <param name="A">Rows of the shared items in one version.</param>
/// <param name="B">Their rows in the other.</param>
/// <param name="Added">Items that only the other has.</param>
/// <param name="Gone">Items that only the first has.</param>
internal sealed record SharedItems(int[] A, int[] B, int Added, int Gone)
{
    private static readonly HashSet<string> ByItem = [SasRec.InputTable, SasRec.OutputTable, SasRec.OutputBias, "items.seen", "items.recent"];

    public static SharedItems Of(ItemTable a, ItemTable b)
    {
        int[] rows = [.. Enumerable.Range(0, a.Ids.Count).Where(row => b.RowOf(a.Ids[row]) >= 0)];
        return new(rows, [.. rows.Select(row => b.RowOf(a.Ids[row]))], b.Ids.Count - rows.Length, a.Ids.Count - rows.Length);
    }

    /// <summary>A tensor that has a row an item is cut to the shared items; the pad row, which nothing learns, is left out.</summary>
    public (float[] A, float[] B) Align(Tensor a, Tensor b) => ByItem.Contains(a.Name) ? (Rows(a, A), Rows(b, B)) : (a.Values, b.Values);

    /// <summary>What each pair of shared items weighs that is a neighbour in either version; 0 in the version where it is none.</summary>
    public (float[] A, float[] B) Align(ItemNeighbours a, ItemNeighbours b)
    {
        var known = A.ToHashSet();
        var rowInA = B.Zip(A).ToDictionary(pair => pair.First, pair => pair.Second);
        var (from, to) = (new List<float>(), new List<float>());
        for (var place = 0; place < A.Length; place++)
        {
            var before = a.Of(A[place]).Where(pair => known.Contains(pair.Key)).ToDictionary();
            var after = b.Of(B[place]).Where(pair => rowInA.ContainsKey(pair.Key)).ToDictionary(pair => rowInA[pair.Key], pair => pair.Value);
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
