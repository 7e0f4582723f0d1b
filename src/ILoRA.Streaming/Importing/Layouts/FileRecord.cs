namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>One row of a file by the meaning of its columns; of a JSON line with a list of items, one of them.</summary>
/// <param name="Line">The file's physical line on which the row begins, from 1.</param>
internal sealed record FileRecord(long Line)
{
    private static readonly ColumnRole[] Roles = Enum.GetValues<ColumnRole>();

    private string?[] Values { get; init; } = new string?[Roles.Length];

    /// <summary>Why the row cannot be read at all, or null; without file and line.</summary>
    public string? Problem { get; init; }

    /// <summary>The problem reaches beyond the row: leaving it out would leave out others unseen, so it always refuses the file.</summary>
    public bool EndsFile { get; init; }

    /// <summary>Why a good row is none of those that are wanted, in the plural ("variations"), or null.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Further columns of an item, by name.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>How many attributes were no texts and are not among <see cref="Attributes"/>.</summary>
    public int AttributesLeftOut { get; init; }

    /// <summary>
    /// Null where the row holds nothing for the role, or only blanks; what is optional also where a value is missing by name.
    /// </summary>
    public string? this[ColumnRole role] => Values[(int)role];

    /// <param name="line">The line on which the row begins.</param>
    /// <param name="valueOf">What it holds for each role.</param>
    public static FileRecord Of(long line, Func<ColumnRole, string?> valueOf)
        => new(line) { Values = [.. Roles.Select(role => Given(role, valueOf(role)))] };

    /// <summary>The same row with another value for one role.</summary>
    public FileRecord With(ColumnRole role, string? value)
        => this with { Values = [.. Roles.Select(each => each == role ? Given(role, value) : this[each])] };

    private static string? Given(ColumnRole role, string? value)
        => string.IsNullOrWhiteSpace(value) || (IsOptional(role) && MissingValue.Is(value.Trim())) ? null : value.Trim();

    /// <summary>A title may be any word.</summary>
    private static bool IsOptional(ColumnRole role)
        => role is ColumnRole.Id or ColumnRole.Session or ColumnRole.Recommendation or ColumnRole.Type or ColumnRole.Deleted;
}
