using System.Text.Json.Serialization;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Events;

/// <summary>One interaction as a site sends it on <c>clicks</c> (key: user).</summary>
public sealed record ClickEvent : IEvent
{
    public static string EventType => "ilora.click.v1";

    public static string SchemaName => "click";

    public required UserId User { get; init; }
    public required ItemId Item { get; init; }

    /// <summary>When the user clicked (event time).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The event's own id; without it topic-partition-offset is.</summary>
    [JsonConverter(typeof(IdTextConverter))]
    public string? Id { get; init; }
    public ClickType? Type { get; init; }
    [JsonConverter(typeof(IdTextConverter))]
    public string? Session { get; init; }

    /// <summary>The recommendation that this click answers.</summary>
    public RecommendationId? Recommendation { get; init; }

    string IEvent.Key => User.Value;

    public void Check()
    {
        // Its types say everything.
    }
}

/// <summary>What the user did.</summary>
[JsonConverter(typeof(NameConverter<ClickType>))]
public enum ClickType
{
    View,
    Click,
    Cart,
    Purchase,
}
