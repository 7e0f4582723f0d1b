using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Events;

/// <summary>A recommendation and the click that followed it, on <c>outcomes</c> (key: user).</summary>
public sealed record OutcomeEvent : IEvent
{
    public static string EventType => "ilora.outcome.v1";

    public static string SchemaName => "outcome";

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

    string IEvent.Key => User.Value;

    public void Check()
    {
        EventRules.Require(Rank is null or >= 1, "rank", "counts from 1");
        EventRules.Require(Propensity is null or (>= 0 and <= 1), "propensity", "is a probability");
        EventRules.Optional(Segment, "segment", EventRules.Name);
    }
}
