namespace ILoRA.Streaming.Items;

/// <summary>An item of the catalogue as it travels on <c>items</c> (key: item; compacted).</summary>
public sealed record ItemEvent
{
    public const string EventType = "ilora.item.v1";

    public required ItemId Item { get; init; }
    public required string Title { get; init; }
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
    public DateTimeOffset? Time { get; init; }

    /// <summary>The item is no longer recommended.</summary>
    public bool? Deleted { get; init; }
}
