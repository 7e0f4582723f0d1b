using System.Globalization;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>Says how a file was understood, with its first rows, before any of it is sent.</summary>
internal static class FilePreview
{
    /// <summary>Characters of a value.</summary>
    private const int Shown = 80;

    public static void Write(TextWriter error, string file, FileLayout layout, IEnumerable<ClickLine> first)
        => Write(error, file, layout, first.Select(click => (click.Line, Row(click))));

    public static void Write(TextWriter error, string file, FileLayout layout, IEnumerable<ItemLine> first)
        => Write(error, file, layout, first.Select(item => (item.Line, Row(item))));

    private static void Write(TextWriter error, string file, FileLayout layout, IEnumerable<(long Line, string Row)> first)
    {
        error.WriteLine($"{file}: {Described(layout)}");
        foreach (var (line, row) in first)
            error.WriteLine($"  line {line}: {row}");
    }

    private static string Described(FileLayout layout) => string.Join("; ", ((string?[])
    [
        $"format {FileFormats.NameOf(layout.Format)}, {layout.Encoding}",
        layout.SeparatorName is { } separator ? $"separated by {separator}" : null,
        layout.HeaderLine is { } header ? $"header in line {header}" : layout.Separator is not null ? "no header" : null,
        layout.Columns.Count > 0 ? string.Join(", ", layout.Columns.OrderBy(column => column.Key).Select(Column)) : null,
        layout.TimeFormat is { } times ? $"times {times}" : null,
    ]).OfType<string>());

    private static string Column(KeyValuePair<ColumnRole, string> column) => $"{column.Key.Word()} = {column.Value}";

    private static string Row(ClickLine click) => Row(
        ("user", click.User),
        ("item", click.Item),
        ("time", Time(click.Time)),
        ("type", click.Type?.ToString().ToLowerInvariant()),
        ("session", click.Session),
        ("id", click.Id));

    private static string Row(ItemLine item)
    {
        var attributes = item.Attributes ?? new Dictionary<string, string>();
        (string, string?)[] known = [("item", item.Item), ("title", item.Title), ("deleted", item.Deleted ? "true" : null)];
        return Row([.. known, .. attributes.Select(pair => (pair.Key, (string?)pair.Value))]);
    }

    private static string Row(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var row = new List<string>();
        foreach (var (name, value) in fields)
            if (value is not null)
                row.Add($"{name} {Shortened(value)}");
        return string.Join(", ", row);
    }

    private static string Shortened(string value)
        => (value.Length > Shown ? $"{value[..Shown]}..." : value).ReplaceLineEndings(" ");

    private static string Time(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
