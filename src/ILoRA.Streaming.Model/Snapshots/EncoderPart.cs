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

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    public static byte[] Write(SasRec encoder, ItemTable items) =>
        SafetensorsWriter.Write(
            encoder.ToTensors().Append(new Tensor(Seen, [items.Seen.Length], items.Seen)).Append(new Tensor(Recent, [items.Recent.Length], items.Recent)),
            new Dictionary<string, string> { ["model"] = "SASRec" },
            new Dictionary<string, byte[]> { [Ids] = Encoding.UTF8.GetBytes(string.Join('\n', items.Ids.Select(Escape))) });

    /// <exception cref="InvalidDataException">The ids and the rows don't match.</exception>
    public static ItemTable ReadItems(SafetensorsFile file)
    {
        var rows = file.Shape(SasRec.OutputTable)[0];
        var ids = ReadIds(file);
        if (ids.Length != rows || ids.Distinct(StringComparer.Ordinal).Count() != rows)
            throw new InvalidDataException($"{file.Source} names {ids.Length} items (each once?) for {rows} rows.");
        return new ItemTable(ids, ShapedTensor.Read(file, Seen, rows), ShapedTensor.Read(file, Recent, rows));
    }

    private static string[] ReadIds(SafetensorsFile file)
    {
        try
        {
            var text = StrictUtf8.GetString(file.ReadBytes(Ids));
            return text.Length == 0 ? [] : [.. text.Split('\n').Select(Unescape)];
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{file.Source}: '{Ids}' is no UTF-8 text.", error);
        }
    }

    // One id a line. An id may hold any character, a line end too.
    private static string Escape(string id) => id.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescape(string line)
    {
        if (!line.Contains('\\', StringComparison.Ordinal))
            return line;
        var id = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
            if (line[i] == '\\' && i + 1 < line.Length)
                id.Append(line[++i] == 'n' ? '\n' : line[i]);
            else
                id.Append(line[i]);
        return id.ToString();
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
