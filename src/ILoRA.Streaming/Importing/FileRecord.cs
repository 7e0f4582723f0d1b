namespace ILoRA.Streaming.Importing;

/// <summary>One row of a file by the meaning of its columns; of a JSON line with a list of items, one of them.</summary>
/// <param name="Line">The file's physical line on which the row begins, from 1.</param>
internal sealed record FileRecord(long Line)
{
    private static readonly int Roles = Enum.GetValues<ColumnRole>().Length;
    private readonly string?[] values = new string?[Roles];

    /// <summary>Why the row cannot be read at all, or null; without file and line.</summary>
    public string? Problem { get; init; }

    /// <summary>The problem reaches beyond the row: leaving it out would leave out others unseen, so it always refuses the file.</summary>
    public bool EndsFile { get; init; }

    /// <summary>Why a good row is none of those that are wanted, in the plural ("variations"), or null.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Further columns of an item, by name.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Null where the row holds nothing for the role, or only blanks.</summary>
    public string? this[ColumnRole role]
    {
        get => values[(int)role];
        init => values[(int)role] = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }
}
