using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Importing;

/// <summary>The part of a file of clicks that is wanted: from a time, until a time (exclusive), at most so many.</summary>
public sealed record TimeCut(DateTimeOffset? From = null, DateTimeOffset? Until = null, long? Events = null)
{
    public IEnumerable<ClickLine> Of(IEnumerable<ClickLine> clicks)
    {
        var cut = clicks.Where(click => (From is null || click.Time >= From) && (Until is null || click.Time < Until));
        return Events is { } most ? cut.Take((int)Math.Min(most, int.MaxValue)) : cut;
    }
}
