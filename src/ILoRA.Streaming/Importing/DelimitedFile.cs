using System.Text;
using ILoRA.Streaming.Json;
using nietras.SeparatedValues;

namespace ILoRA.Streaming.Importing;

/// <summary>Reads a file of separated values line by line; every complaint says file, line and column.</summary>
internal static class DelimitedFile
{
    /// <summary>One line's fields.</summary>
    internal readonly record struct Row(string File, long Line, string[] Fields)
    {
        public string this[int column] => column < Fields.Length
            ? Fields[column]
            : throw new InvalidDataException($"{Where}: has {Fields.Length} columns, column {column + 1} is missing.");

        public string Where => $"{File}:{Line}";

        public string Required(int column, string name) => this[column] is { Length: > 0 } value
            ? value
            : throw new InvalidDataException($"{Where}: {name} (column {column + 1}) is empty.");

        /// <summary>An id as the events take it: 1 to 256 bytes.</summary>
        public string Id(int column, string name) => Required(column, name) is var id && Encoding.UTF8.GetByteCount(id) <= IdConverter<ItemId>.MaxBytes
            ? id
            : throw new InvalidDataException($"{Where}: {name} (column {column + 1}) has more than {IdConverter<ItemId>.MaxBytes} bytes.");

        public DateTimeOffset Time(int column) => FileTime.TryParse(this[column], out var time)
            ? time
            : throw new InvalidDataException($"{Where}: '{this[column]}' (column {column + 1}) is not a time; give Unix seconds, milliseconds or RFC 3339.");
    }

    public static IEnumerable<Row> Read(string path, char separator, Encoding? encoding = null)
    {
        var name = Path.GetFileName(path);
        var quoted = separator == ',';
        using var text = TextSource.Open(path, encoding);
        using var reader = Sep.New(separator).Reader(options => options with
        {
            HasHeader = false,
            DisableColCountCheck = true,
            DisableQuotesParsing = !quoted,
            Unescape = quoted,
        }).From(text);
        var lines = 0L;
        foreach (var row in reader)
        {
            lines++;
            var fields = new string[row.ColCount];
            for (var column = 0; column < fields.Length; column++)
                fields[column] = row[column].ToString();
            // Without quotes a row is a line (and Sep's own number is one too high).
            if (fields is not ([] or [""]))
                yield return new Row(name, quoted ? row.LineNumberFrom : lines, fields);
        }
    }
}
