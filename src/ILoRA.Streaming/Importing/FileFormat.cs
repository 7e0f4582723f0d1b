namespace ILoRA.Streaming.Importing;

/// <summary>The file formats that items and clicks are imported from.</summary>
public enum FileFormat
{
    /// <summary>Tab-separated, no quoting. Columns by a header line, else user, item, time (clicks) or item, title (items).</summary>
    Tsv,

    /// <summary>Comma-separated, quoted where needed; columns as <see cref="Tsv"/>.</summary>
    Csv,

    /// <summary>One event of the product's own JSON a line.</summary>
    Jsonl,

    /// <summary>MovieLens: u.data (user, item, rating, s), the ordered stream (s, user, item, rating, split), ratings.csv; u.item, movies.csv.</summary>
    MovieLens,

    /// <summary>Online Retail: clicks as s, customer, item; items as id, title, stock code.</summary>
    OnlineRetail,
}

/// <summary>The formats' names on a command line.</summary>
public static class FileFormats
{
    public static IReadOnlyDictionary<string, FileFormat> ByName { get; } = new Dictionary<string, FileFormat>(StringComparer.Ordinal)
    {
        ["tsv"] = FileFormat.Tsv,
        ["csv"] = FileFormat.Csv,
        ["jsonl"] = FileFormat.Jsonl,
        ["movielens"] = FileFormat.MovieLens,
        ["online-retail"] = FileFormat.OnlineRetail,
    };

    /// <summary>The format that a file's name suggests: .csv, .jsonl, else tsv.</summary>
    public static FileFormat OfName(string path) => Path.GetExtension(TextSource.Unpacked(path)).ToUpperInvariant() switch
    {
        ".CSV" => FileFormat.Csv,
        ".JSONL" or ".NDJSON" => FileFormat.Jsonl,
        _ => FileFormat.Tsv,
    };
}
