using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>A row's fields by the plain names of the header; "" for what is not there.</summary>
internal readonly record struct NamedFields(IReadOnlyDictionary<string, int> Places, string[] Fields)
{
    public string this[string name] => Places.TryGetValue(name, out var place) && place < Fields.Length ? Fields[place].Trim() : "";

    public bool Is(string name, params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
            if (this[name].Equals(value, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>Whether the value is one of those that the field lists, separated by commas: "variation, virtual".</summary>
    public bool Lists(string name, string value)
        => this[name].Split(',', StringSplitOptions.TrimEntries).Contains(value, StringComparer.OrdinalIgnoreCase);
}

/// <summary>An export with a header that many people have; all names are plain (<see cref="HeaderName.Plain"/>).</summary>
/// <param name="Format">Its name.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record NamedFormat(FileFormat Format, FileKind Kind)
{
    /// <summary>The header has one name of each: what tells this format from others.</summary>
    public required string[][] Signature { get; init; }

    /// <summary>The first name that the header has; other roles are found by the names of all files.</summary>
    public required IReadOnlyDictionary<ColumnRole, string[]> Columns { get; init; }

    /// <summary>Names of attributes by columns; null takes all further columns.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Why a row is not wanted, in the plural ("variations"); null where it is.</summary>
    public Func<NamedFields, string?> LeftOut { get; init; } = _ => null;

    /// <summary>Whether the row's item is not for sale.</summary>
    public Func<NamedFields, bool> Deleted { get; init; } = _ => false;

    /// <summary>What all its rows are, where no column says so.</summary>
    public string? Type { get; init; }

    public bool Matches(IReadOnlyCollection<string> plainHeader) => Array.TrueForAll(Signature, names => names.Any(plainHeader.Contains));
}
