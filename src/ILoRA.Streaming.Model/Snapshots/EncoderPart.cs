using System.Text;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>
/// Reads and writes an encoder with its <see cref="ItemTable"/> as one safetensors file: a snapshot's part, and the output of <c>fit
/// encoder</c>.
/// </summary>
public static class EncoderPart
{
    private const string Seen = "items.seen";
    private const string Recent = "items.recent";
    private const string Ids = "items.ids";

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    public static byte[] Write(SasRec encoder, ItemTable items) =>
        SafetensorsWriter.Write(
            encoder.ToTensors().Append(new Tensor(Seen, [items.Seen.Length], items.Seen))
                .Append(new Tensor(Recent, [items.Recent.Length], items.Recent)),
            new Dictionary<string, string> { ["model"] = "SASRec" },
            new Dictionary<string, byte[]> { [Ids] = Encoding.UTF8.GetBytes(string.Join('\n', items.Ids.Select(Escape))) });

    /// <summary>Reads the items.</summary>
    /// <exception cref="InvalidDataException">The number of ids is not that of the rows, or an id occurs twice.</exception>
    public static ItemTable ReadItems(SafetensorsFile file)
    {
        var rows = file.Shape(SasRec.OutputTable)[0];
        var ids = ReadIds(file);
        if (ids.Length != rows || ids.Distinct(StringComparer.Ordinal).Count() != rows)
            throw new InvalidDataException($"{file.Source} has {ids.Length} item ids for {rows} rows, or an id twice.");
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
            throw new InvalidDataException($"{file.Source}: '{Ids}' is not valid UTF-8.", error);
        }
    }

    // One id per line. An id can contain any character, including a line feed.
    private static string Escape(string id) =>
        id.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

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

    /// <summary>
    /// Reads an encoder and its items. Where the file has no ids (the public checkpoints), the row numbers are the ids, as in the
    /// benchmarks' data.
    /// </summary>
    public static (SasRec Encoder, ItemTable Items) Read(SafetensorsFile file)
    {
        var encoder = SasRec.Read(file);
        if (file.Contains(Ids))
            return (encoder, ReadItems(file));
        var seen = new float[encoder.Items];
        Array.Fill(seen, 1f);
        return (encoder,
            new ItemTable(
                [.. Enumerable.Range(0, encoder.Items).Select(row => row.ToString(System.Globalization.CultureInfo.InvariantCulture))],
                seen, new float[encoder.Items]));
    }
}
