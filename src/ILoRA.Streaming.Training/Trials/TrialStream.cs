using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Trials;

/// <param name="User">Who clicked.</param>
/// <param name="Item">What.</param>
/// <param name="Time">When.</param>
public sealed record TrialClick(string User, string Item, DateTimeOffset Time);

/// <param name="User">Whose click.</param>
/// <param name="Sample">The history before it and its item.</param>
/// <param name="Time">When.</param>
/// <param name="Segment">What was known of the user.</param>
public sealed record TrialEvent(string User, Sample Sample, DateTimeOffset Time, UserSegment Segment);

/// <summary>How fresh a user is: updates on the stream can hurt those who are not in it.</summary>
public enum UserSegment
{
    /// <summary>Without a click before the stream.</summary>
    New,

    /// <summary>Known before, and here lately.</summary>
    Active,

    /// <summary>Known before, and back after a while.</summary>
    Dormant,
}

/// <summary>The part of a file of clicks that a trial streams.</summary>
public static class TrialStream
{
    /// <param name="clicks">In the order of time.</param>
    /// <param name="start">How many come before the stream: they are in histories and tell who is known, and are not tested.</param>
    /// <param name="away">A user whose last visit (a UTC day) is longer ago is dormant.</param>
    public static IReadOnlyList<TrialEvent> Of(IReadOnlyList<TrialClick> clicks, int start, TimeSpan away)
    {
        var fold = new SequenceFold();
        var visits = new Dictionary<string, Visits>(StringComparer.Ordinal);
        var events = new List<TrialEvent>();
        for (var at = 0; at < clicks.Count; at++)
        {
            var click = clicks[at];
            var seen = visits[click.User] = visits.TryGetValue(click.User, out var before) ? before.On(click.Time) : new(at < start, click.Time.UtcDateTime.Date, null);
            if (fold.Click(click.User, click.Item) is { } sample && at >= start)
                events.Add(new(click.User, sample, click.Time, seen.Segment(away)));
        }
        return events;
    }

    private sealed record Visits(bool Known, DateTime Last, DateTime? Before)
    {
        public Visits On(DateTimeOffset time) => time.UtcDateTime.Date is var day && day == Last ? this : this with { Last = day, Before = Last };

        public UserSegment Segment(TimeSpan away) => !Known ? UserSegment.New : Last - Before > away ? UserSegment.Dormant : UserSegment.Active;
    }
}
