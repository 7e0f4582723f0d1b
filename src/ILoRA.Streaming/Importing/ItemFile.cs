using System.Text;

namespace ILoRA.Streaming.Importing;

/// <summary>Reads items from a file, in the file's order.</summary>
public static class ItemFile
{
    private static readonly Columns ItemTitle = Columns.ByPlace("item", "title");
    private static readonly Columns ItemTitleCode = Columns.ByPlace("item", "title", "code");

    /// <summary>Throws <see cref="InvalidDataException"/> at the first line that is no item, naming file and line.</summary>
    public static IEnumerable<ItemLine> Read(string path, FileFormat format) => format switch
    {
        FileFormat.Jsonl => JsonLines.Items(path),
        FileFormat.Csv => Delimited(path, ',', ItemTitle),
        FileFormat.Tsv => Delimited(path, '\t', ItemTitle),
        FileFormat.OnlineRetail => Delimited(path, '\t', ItemTitleCode),
        FileFormat.MovieLens => MovieLens(path),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of items."),
    };

    /// <summary>u.item is Latin-1 with bars; movies.csv has a header; else tab-separated id and title.</summary>
    private static IEnumerable<ItemLine> MovieLens(string path)
    {
        if (FileFormats.OfName(path) == FileFormat.Csv)
            return Delimited(path, ',', ItemTitle);
        using var reader = TextSource.Open(path, Encoding.Latin1);
        var bars = reader.ReadLine() is { } first && first.Contains('|') && !first.Contains('\t');
        return bars ? Delimited(path, '|', ItemTitle, Encoding.Latin1) : Delimited(path, '\t', ItemTitle);
    }

    private static IEnumerable<ItemLine> Delimited(string path, char separator, Columns byPlace, Encoding? encoding = null)
    {
        Columns? columns = null;
        foreach (var row in DelimitedFile.Read(path, separator, encoding))
        {
            if (columns is null)
            {
                var header = Columns.FromHeader(row.Fields, "item", "title");
                columns = header ?? byPlace;
                if (header is not null)
                    continue;
            }
            var item = columns.Id(row, "item");
            // MovieLens 267 has no title; its id is all that can be shown.
            yield return new ItemLine(row.Line, item, columns.Optional(row, "title") ?? item) { Attributes = Attributes(row, columns) };
        }
    }

    private static Dictionary<string, string>? Attributes(DelimitedFile.Row row, Columns columns)
    {
        var attributes = columns.Places.Keys.Where(name => name is not ("item" or "title"))
            .Select(name => (name, value: columns.Optional(row, name)))
            .Where(pair => pair.value is not null)
            .ToDictionary(pair => pair.name, pair => pair.value!, StringComparer.Ordinal);
        return attributes.Count > 0 ? attributes : null;
    }
}
