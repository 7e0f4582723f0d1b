using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Outcomes;

/// <summary>A recommendation and the click that followed it, on <c>outcomes</c> (key: user).</summary>
public sealed record OutcomeEvent
{
    public const string EventType = "ilora.outcome.v1";

    public required RecommendationId Recommendation { get; init; }
    public required UserId User { get; init; }

    /// <summary>The item that was clicked.</summary>
    public required ItemId Item { get; init; }

    /// <summary>The click's 1-based place in the list; null where the list did not hold it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int? Rank { get; init; }

    /// <summary>Seconds from the recommendation to the click.</summary>
    public required double Delay { get; init; }
    public required AdapterVersion Version { get; init; }
    public required ArmName Arm { get; init; }
    public required RolloutName Rollout { get; init; }
    public required DateTimeOffset Time { get; init; }
    public float? Propensity { get; init; }
    public string? Segment { get; init; }
}
