using System.Text.Json.Serialization;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Events;

/// <summary>Ranked items for a user's newest sequence, on <c>recommendations</c> (key: user).</summary>
public sealed record RecommendationEvent : IEvent
{
    public static string EventType => "ilora.recommendation.v1";

    public static string SchemaName => "recommendation";

    public required RecommendationId Id { get; init; }
    public required UserId User { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>Best first.</summary>
    public required IReadOnlyList<RankedItem> Items { get; init; }
    public required AdapterVersion Version { get; init; }
    public required LineName Line { get; init; }
    public required ArmName Arm { get; init; }
    public required RolloutName Rollout { get; init; }

    /// <summary>The gate's weights [K] for this user.</summary>
    public required IReadOnlyList<float> Gate { get; init; }

    /// <summary>The sequence event that this answers.</summary>
    public required SourcePosition Source { get; init; }

    /// <summary>Ids scored, in order; absent where the whole catalogue was ranked.</summary>
    public IReadOnlyList<ItemId>? Candidates { get; init; }
    public Fallback? Fallback { get; init; }

    /// <summary>The top ten of other lines for the same sequence at the same moment, by line.</summary>
    public IReadOnlyDictionary<LineName, IReadOnlyList<ItemId>>? Shadow { get; init; }
    public string? Segment { get; init; }
    public Latency? Latency { get; init; }

    string IEvent.Key => User.Value;

    public void Check()
    {
        Source.Check();
        EventRules.NoNull(Items, "items");
        foreach (var item in Items)
            EventRules.Require(item.Propensity is >= 0 and <= 1, "items.propensity", "is a probability");
        foreach (var weight in Gate)
            EventRules.Require(weight is >= 0 and <= 1, "gate", "holds weights of 0 to 1");
        EventRules.NoNull(Shadow?.Values ?? [], "shadow");
        EventRules.Optional(Segment, "segment", EventRules.Name);
        EventRules.Require(Latency is null or { Queue: >= 0, Retrieve: >= 0, Score: >= 0 }, "latency", "is not negative");
    }
}

/// <summary>One recommended item.</summary>
public sealed record RankedItem
{
    public required ItemId Item { get; init; }
    public required float Score { get; init; }

    /// <summary>The probability that the serving policy shows this item at this place.</summary>
    public required float Propensity { get; init; }
}

/// <summary>Where a recommendation's milliseconds went.</summary>
public sealed record Latency
{
    /// <summary>From the sequence event's arrival to the start of its scoring.</summary>
    public required double Queue { get; init; }
    public required double Retrieve { get; init; }
    public required double Score { get; init; }
}

/// <summary>Why a list was not made by the arm's version.</summary>
[JsonConverter(typeof(NameConverter<Fallback>))]
public enum Fallback
{
    Popular,
    Fresh,
    Cold,
}
