using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>A click on an item of the catalogue.</summary>
/// <param name="User">The user's id.</param>
/// <param name="Item">The item's id.</param>
/// <param name="Time">The time of the click.</param>
public sealed record TrialClick(string User, string Item, DateTimeOffset Time);

/// <summary>A click of a trial's stream, as a sample.</summary>
/// <param name="User">The user's id.</param>
/// <param name="Sample">The user's history before the click, and the clicked item as target.</param>
/// <param name="Time">The time of the click.</param>
/// <param name="Segment">The user's segment at that time.</param>
public sealed record TrialEvent(string User, Sample Sample, DateTimeOffset Time, UserSegment Segment);

/// <summary>
/// Segments of users by their activity before and during the stream, since online updates can worsen recommendations for users who are not
/// active in it.
/// </summary>
public enum UserSegment
{
    /// <summary>A user without a click before the stream.</summary>
    New,

    /// <summary>A user with clicks before the stream and a recent last visit.</summary>
    Active,

    /// <summary>A user with clicks before the stream who returns after a long absence.</summary>
    Dormant,
}

/// <summary>Makes the stream of a trial from clicks.</summary>
public static class TrialStream
{
    /// <summary>The events of the stream: all clicks from <paramref name="start"/> on that follow another click of their user.</summary>
    /// <param name="clicks">The clicks, in the order of time.</param>
    /// <param name="start">The number of clicks before the stream; they count as history and as earlier activity only.</param>
    /// <param name="away">The time since the last visit (a UTC day) above which a user is dormant.</param>
    public static IReadOnlyList<TrialEvent> Of(IReadOnlyList<TrialClick> clicks, int start, TimeSpan away)
    {
        var fold = new SequenceFold();
        var visits = new Dictionary<string, Visits>(StringComparer.Ordinal);
        var events = new List<TrialEvent>();
        for (var at = 0; at < clicks.Count; at++)
        {
            var click = clicks[at];
            var seen =
                visits[click.User] =
                    visits.TryGetValue(click.User, out var before)
                        ? before.On(click.Time) : new(at < start, click.Time.UtcDateTime.Date, null);
            if (fold.Click(click.User, click.Item) is { } sample && at >= start)
                events.Add(new(click.User, sample, click.Time, seen.Segment(away)));
        }
        return events;
    }

    private sealed record Visits(bool Known, DateTime Last, DateTime? Before)
    {
        public Visits On(DateTimeOffset time) =>
            time.UtcDateTime.Date is var day && day == Last ? this : this with { Last = day, Before = Last };

        public UserSegment Segment(TimeSpan away) =>
            !Known ? UserSegment.New : Last - Before > away ? UserSegment.Dormant : UserSegment.Active;
    }
}
