using System.Text;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>An encoder with the ids of its item rows and what it has seen of them, as one safetensors file that <c>fit encoder</c> writes too.</summary>
public static class EncoderPart
{
    private const string Seen = "items.seen";
    private const string Recent = "items.recent";
    private const string Ids = "items.ids";

    public static byte[] Write(SasRec encoder, ItemTable items)
    {
        if (items.Ids.Any(id => id.Contains('\n', StringComparison.Ordinal)))
            throw new ArgumentException("An item id with a line break can't be stored; remove the item.", nameof(items));
        return SafetensorsWriter.Write(
            encoder.ToTensors().Append(new Tensor(Seen, [items.Seen.Length], items.Seen)).Append(new Tensor(Recent, [items.Recent.Length], items.Recent)),
            new Dictionary<string, string> { ["model"] = "SASRec" },
            new Dictionary<string, byte[]> { [Ids] = Encoding.UTF8.GetBytes(string.Join('\n', items.Ids)) });
    }

    /// <exception cref="InvalidDataException">The ids and the rows don't match.</exception>
    public static ItemTable ReadItems(SafetensorsFile file)
    {
        var rows = file.Shape("s_fc.weight")[0];
        var text = Encoding.UTF8.GetString(file.ReadBytes(Ids));
        var ids = text.Length == 0 ? [] : text.Split('\n');
        if (ids.Length != rows || ids.Distinct(StringComparer.Ordinal).Count() != rows)
            throw new InvalidDataException($"{file.Source} names {ids.Length} items (each once?) for {rows} rows.");
        return new ItemTable(ids, ShapedTensor.Read(file, Seen, rows), ShapedTensor.Read(file, Recent, rows));
    }

    /// <summary>An encoder file's two halves. A checkpoint without ids (the public ones) takes its row numbers as ids, as the benchmarks do.</summary>
    public static (SasRec Encoder, ItemTable Items) Read(SafetensorsFile file)
    {
        var encoder = SasRec.Read(file);
        if (file.Contains(Ids))
            return (encoder, ReadItems(file));
        var seen = new float[encoder.Items];
        Array.Fill(seen, 1f);
        return (encoder, new ItemTable([.. Enumerable.Range(0, encoder.Items).Select(row => row.ToString(System.Globalization.CultureInfo.InvariantCulture))], seen, new float[encoder.Items]));
    }
}
