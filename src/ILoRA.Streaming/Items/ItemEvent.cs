using System.Diagnostics.CodeAnalysis;

namespace ILoRA.Streaming.Items;

/// <summary>An item of the catalogue as it travels on <c>items</c> (key: item; compacted).</summary>
public sealed record ItemEvent
{
    public required ItemId Item { get; init; }
    public required string Title { get; init; }
    [DisallowNull]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
    [DisallowNull]
    public DateTimeOffset? Time { get; init; }

    /// <summary>The item is no longer recommended.</summary>
    [DisallowNull]
    public bool? Deleted { get; init; }
}
