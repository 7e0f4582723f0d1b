using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.TestKit;

/// <summary>
/// A case of <c>golden/ilora-*</c>: a prompt with item slots, six candidates, and the expected gate weights, scores and losses.
/// </summary>
public sealed record GoldenCase(int Number, float[] Z, int[] Prompt, int[] Slots, float[][] ItemRows, int[][] Candidates, int Target,
    SafetensorsFile Expected)
{
    public static GoldenCase Read(SafetensorsFile file, int number)
    {
        var lengths = file.ReadInt64($"{number}.candidate_lengths");
        var tokens = Ints(file, $"{number}.candidates");
        var candidates = new int[lengths.Length][];
        var at = 0;
        for (var i = 0; i < lengths.Length; at += (int)lengths[i], i++)
            candidates[i] = tokens[at..(at + (int)lengths[i])];
        var rows = file.Read($"{number}.item_rows");
        return new GoldenCase(number, file.Read($"{number}.z").Values, Ints(file, $"{number}.prompt"), Ints(file, $"{number}.item_slots"),
            [.. Enumerable.Range(0, rows.Shape[0]).Select(row => rows.Row(row).ToArray())], candidates, Ints(file, $"{number}.target")[0],
            file);
    }

    public double[] Doubles(string name) => Expected.ReadDoubles($"{Number}.{name}");

    /// <summary>The embeddings of the item slots, [H] each.</summary>
    public float[][] SlotEmbeddings(Projector projector) => Array.ConvertAll(ItemRows, row => projector.Project(row));

    private static int[] Ints(SafetensorsFile file, string name) => Array.ConvertAll(file.ReadInt64(name), value => (int)value);
}
