using ILoRA.Streaming.Clicks;

namespace ILoRA.Streaming.Importing;

/// <summary>Reads clicks from a file, in the file's order.</summary>
public static class ClickFile
{
    private static readonly Columns UserItemTime = Columns.ByPlace("user", "item", "time");
    private static readonly Columns UserItemRatingTime = Columns.ByPlace("user", "item", "rating", "time");
    private static readonly Columns TimeUserItem = Columns.ByPlace("time", "user", "item");

    /// <summary>Throws <see cref="InvalidDataException"/> at the first line that is no click, naming file and line.</summary>
    public static IEnumerable<ClickLine> Read(string path, FileFormat format) => format switch
    {
        FileFormat.Jsonl => JsonLines.Clicks(path),
        FileFormat.Csv => Delimited(path, ',', _ => UserItemTime),
        FileFormat.Tsv => Delimited(path, '\t', _ => UserItemTime),
        FileFormat.OnlineRetail => Delimited(path, '\t', _ => TimeUserItem),
        FileFormat.MovieLens => Delimited(path, FileFormats.OfName(path) == FileFormat.Csv ? ',' : '\t', MovieLensColumns),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of clicks."),
    };

    /// <summary>u.data has four columns; the stream, ordered by time, puts the time first and adds the split.</summary>
    private static Columns MovieLensColumns(IReadOnlyList<string> line) => line.Count >= 5 ? TimeUserItem : UserItemRatingTime;

    private static ClickType TypeOf(string name, DelimitedFile.Row row) => Enum.TryParse<ClickType>(name, ignoreCase: true, out var type) && Enum.IsDefined(type) && !char.IsAsciiDigit(name[0])
        ? type
        : throw new InvalidDataException($"{row.Where}: type '{name}' is none of {string.Join(", ", Enum.GetNames<ClickType>()).ToLowerInvariant()}.");

    private static IEnumerable<ClickLine> Delimited(string path, char separator, Func<IReadOnlyList<string>, Columns> byPlace)
    {
        Columns? columns = null;
        foreach (var row in DelimitedFile.Read(path, separator))
        {
            if (columns is null)
            {
                var header = Columns.FromHeader(row.Fields, "user", "item", "time");
                columns = header ?? byPlace(row.Fields);
                if (header is not null)
                    continue;
            }
            yield return new ClickLine(row.Line, columns.Id(row, "user"), columns.Id(row, "item"), columns.Time(row))
            {
                Id = columns.Optional(row, "id"),
                Type = columns.Optional(row, "type") is { } type ? TypeOf(type, row) : null,
                Session = columns.Optional(row, "session"),
                Recommendation = columns.Optional(row, "recommendation"),
            };
        }
    }
}
