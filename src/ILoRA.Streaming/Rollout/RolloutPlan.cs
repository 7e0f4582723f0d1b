using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Rollout;

/// <summary>Which adapter lines serve which share of users, on <c>rollouts</c> (key: rollout; compacted). Swapped as one value.</summary>
public sealed partial record RolloutPlan
{
    public const string EventType = "ilora.rollout.v1";

    public required RolloutName Rollout { get; init; }

    /// <summary>A higher revision replaces a lower one.</summary>
    public required long Revision { get; init; }
    public required string Salt { get; init; }
    public required IReadOnlyList<Arm> Arms { get; init; }
    public required string Stage { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }
    public string? Segment { get; init; }

    /// <summary>Lines ranked beside the serving arm and noted in the recommendation, never shown: <c>encoder</c>, <c>popular</c> or an adapter line.</summary>
    public IReadOnlyList<LineName>? Shadow { get; init; }
    public IReadOnlyDictionary<string, double>? Guardrails { get; init; }
    public IReadOnlyList<int>? Schedule { get; init; }
}

/// <summary>One arm: an adapter line at a version, for a share of the users.</summary>
public sealed record Arm
{
    [JsonPropertyName("arm")]
    public required ArmName Name { get; init; }
    public required LineName Line { get; init; }

    /// <summary>Null follows the line's newest version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required AdapterVersion? Version { get; init; }

    /// <summary>All arms' shares sum to <see cref="RolloutPlan.WholeTraffic"/>.</summary>
    [JsonPropertyName("share")]
    public required int BasisPoints { get; init; }
}
