using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Clicks;

/// <summary>One interaction as a site sends it on <c>clicks</c> (key: user).</summary>
public sealed record ClickEvent
{
    public required UserId User { get; init; }
    public required ItemId Item { get; init; }

    /// <summary>When the user clicked (event time).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The event's own id; without it topic-partition-offset is.</summary>
    public string? Id { get; init; }
    public ClickType? Type { get; init; }
    public string? Session { get; init; }

    /// <summary>The recommendation that this click answers.</summary>
    public RecommendationId? Recommendation { get; init; }
}

/// <summary>What the user did.</summary>
[JsonConverter(typeof(ClickTypeConverter))]
public enum ClickType
{
    View,
    Click,
    Cart,
    Purchase,
}

internal sealed class ClickTypeConverter() : JsonStringEnumConverter<ClickType>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false);
