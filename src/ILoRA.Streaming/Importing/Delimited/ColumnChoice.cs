using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>Which column holds what.</summary>
/// <param name="Places">Zero-based, by role.</param>
/// <param name="Header">The header's names; null where the file has none.</param>
internal sealed record ColumnChoice(IReadOnlyDictionary<ColumnRole, int> Places, IReadOnlyList<string>? Header)
{
    /// <summary>Attributes of an item: name by place.</summary>
    public IReadOnlyDictionary<int, string> Attributes { get; init; } = new Dictionary<int, string>();

    public string NameOf(int place) => Header is null ? $"column {place + 1}" : Header[place].Trim();
}
