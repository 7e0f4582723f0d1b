using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Events;

/// <summary>Which adapter lines serve which share of users, on <c>rollouts</c> (key: rollout; compacted). Swapped as one value.</summary>
public sealed record RolloutPlan : IEvent
{
    public static string EventType => "ilora.rollout.v1";

    public static string SchemaName => "rollout";

    /// <summary>All users, in basis points.</summary>
    public const int WholeTraffic = 10_000;

    /// <summary>What is served while nobody has applied a plan: the newest version of the line <c>online</c>, to everyone.</summary>
    public static RolloutPlan Default { get; } = new()
    {
        Rollout = new("default"),
        Revision = 1,
        Salt = "default",
        Arms = [new() { Name = new("online"), Line = new("online"), Version = null, BasisPoints = WholeTraffic }],
        Stage = "full",
        By = "default",
        Reason = "no plan was applied",
    };

    public required RolloutName Rollout { get; init; }

    /// <summary>A higher revision replaces a lower one.</summary>
    public required long Revision { get; init; }
    public required string Salt { get; init; }
    public required IReadOnlyList<Arm> Arms { get; init; }
    public required string Stage { get; init; }
    public required string By { get; init; }
    public required string Reason { get; init; }
    public string? Segment { get; init; }

    /// <summary>
    /// Lines ranked beside the serving arm and noted in the recommendation, never shown: <c>encoder</c>, <c>popular</c> or an adapter line.
    /// </summary>
    public IReadOnlyList<LineName>? Shadow { get; init; }
    public IReadOnlyDictionary<string, double>? Guardrails { get; init; }
    public IReadOnlyList<int>? Schedule { get; init; }

    string IEvent.Key => Rollout.Value;

    public void Check()
    {
        EventRules.Require(Revision >= 1, "revision", "counts from 1");
        EventRules.Text(Salt, "salt", EventRules.Name);
        EventRules.Text(Stage, "stage", EventRules.Name);
        EventRules.Text(By, "by", EventRules.Name);
        EventRules.Text(Reason, "reason", EventRules.Title);
        EventRules.Optional(Segment, "segment", EventRules.Name);
        EventRules.Require(Schedule is null || Schedule.All(share => share is >= 0 and <= WholeTraffic), "schedule",
            "holds shares of 0 to 10000 basis points");
        EventRules.Require(Arms.Count >= 1, "arms", "names at least one arm");
        EventRules.NoNull(Arms, "arms");
        EventRules.Require(Arms.All(arm => arm.BasisPoints is >= 0 and <= WholeTraffic), "arms.share", "is 0 to 10000 basis points");
        // A schema can neither add nor compare names: these two are the reader's alone.
        var sum = Arms.Sum(arm => arm.BasisPoints);
        EventRules.Require(sum == WholeTraffic, "arms.share", $"sums to 10000 basis points over the arms, got {sum}");
        EventRules.Require(Arms.DistinctBy(arm => arm.Name).Count() == Arms.Count, "arms.arm", "is unique in a plan");
    }
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
