namespace ILoRA.Streaming.Events;

/// <summary>An item of the catalogue as it travels on <c>items</c> (key: item; compacted).</summary>
public sealed record ItemEvent : IEvent
{
    public static string EventType => "ilora.item.v1";

    public static string SchemaName => "item";

    public required ItemId Item { get; init; }
    public required string Title { get; init; }
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
    public DateTimeOffset? Time { get; init; }

    /// <summary>The item is no longer recommended.</summary>
    public bool? Deleted { get; init; }

    string IEvent.Key => Item.Value;

    public void Check()
    {
        EventRules.Text(Title, "title", EventRules.Title);
        if (Attributes is null)
            return;
        foreach (var (name, text) in Attributes)
            EventRules.Require(text is not null, $"attributes.{name}", "is a string, not null");
    }
}
