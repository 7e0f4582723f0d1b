namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>How a file was understood.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Encoding">The encoding's registered name.</param>
/// <param name="Columns">By role, the header's name, the JSON path, or "column 3" where the file has no header.</param>
public sealed record FileLayout(FileFormat Format, string Encoding, IReadOnlyDictionary<ColumnRole, string> Columns)
{
    /// <summary>What stands between two fields; null in JSON Lines.</summary>
    public string? Separator { get; init; }

    /// <summary>What people call it.</summary>
    public string? SeparatorName => Separator is null ? null : Layouts.Separator.NameOf(Separator);

    /// <summary>The line of the header; null where the file has none.</summary>
    public long? HeaderLine { get; init; }

    /// <summary>How times are written; null where the file has none.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>Everything that decides what a line becomes, as one text: part of the fingerprint of an import.</summary>
    public string Signature => string.Join(';',
    [
        $"{Format}", Encoding, Separator ?? "", $"{HeaderLine}", TimeFormat ?? "",
        .. Columns.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}"),
    ]);
}
