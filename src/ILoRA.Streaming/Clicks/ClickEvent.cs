using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Clicks;

/// <summary>One interaction as a site sends it on <c>clicks</c> (key: user).</summary>
public sealed record ClickEvent
{
    public required UserId User { get; init; }
    public required ItemId Item { get; init; }

    /// <summary>When the user clicked (event time).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The event's own id; without it topic-partition-offset is.</summary>
    [DisallowNull]
    [JsonConverter(typeof(IdTextConverter))]
    public string? Id { get; init; }
    [DisallowNull]
    public ClickType? Type { get; init; }
    [DisallowNull]
    [JsonConverter(typeof(IdTextConverter))]
    public string? Session { get; init; }

    /// <summary>The recommendation that this click answers.</summary>
    [DisallowNull]
    public RecommendationId? Recommendation { get; init; }
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
