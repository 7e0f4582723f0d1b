using System.Text.Json.Serialization;

namespace ILoRA.Streaming.Events;

/// <summary>A user's history as of one click, on <c>sequences</c> (key: user): inference and trainer never race ingest.</summary>
public sealed record SequenceEvent : IEvent
{
    public static string EventType => "ilora.sequence.v1";

    public static string SchemaName => "sequence";

    public required UserId User { get; init; }

    /// <summary>
    /// Oldest first by event time; the last one is the click that made this event, unless <see cref="Place"/> names another.
    /// </summary>
    public required IReadOnlyList<ItemId> Items { get; init; }

    /// <summary>The newest click's event time.</summary>
    public required DateTimeOffset Time { get; init; }
    public required SourcePosition Source { get; init; }

    /// <summary>The 1-based place of the click that made this event, where it came late and newer ones stand after it.</summary>
    public int? Place { get; init; }
    public IReadOnlyList<DateTimeOffset>? Times { get; init; }
    /// <summary>The session of each item; empty where the click named none.</summary>
    public IReadOnlyList<string>? Sessions { get; init; }

    /// <summary>What was clicked.</summary>
    [JsonIgnore]
    public ItemId Click => Items[Index];

    /// <summary>
    /// The items before the click by event time: what a model may predict it from, without those that a late click finds already there.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<ItemId> History => Items.Take(Index);

    private int Index => (Place ?? Items.Count) - 1;

    string IEvent.Key => User.Value;

    public void Check()
    {
        EventRules.Require(Items.Count >= 1, "items", "holds at least the click that made the event");
        // A schema cannot compare two lengths: these are the reader's alone.
        EventRules.Require(Times is null || Times.Count == Items.Count, "times", "has one time an item");
        EventRules.Require(Sessions is null || Sessions.Count == Items.Count, "sessions", "has one session an item");
        EventRules.Require(Place is null || (Place >= 1 && Place <= Items.Count), "place", "counts from 1 to the number of items");
        EventRules.NoNull(Sessions ?? [], "sessions");
        Source.Check();
    }
}
