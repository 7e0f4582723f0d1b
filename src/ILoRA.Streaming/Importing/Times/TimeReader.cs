using System.Globalization;

namespace ILoRA.Streaming.Importing.Times;

/// <summary>Reads the times of a column whose format is known, and refuses those that no clickstream holds.</summary>
internal sealed class TimeReader
{
    // A rating, a price or an index read as a time lies in 1970.
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeFormat format;
    private readonly DateTimeOffset earliest, latest;

    /// <param name="format">How the times are written.</param>
    /// <param name="any">Takes all times that events can have, before 1990 and beyond tomorrow too.</param>
    /// <param name="clock">Tells what tomorrow is (in UTC).</param>
    public TimeReader(TimeFormat format, bool any, TimeProvider clock)
    {
        this.format = format;
        (earliest, latest) = any ? (DateTimeOffset.MinValue, DateTimeOffset.MaxValue) : (Earliest, EndOfTomorrow(clock.GetUtcNow()));
    }

    /// <summary>False where it is no time or none to take; <paramref name="problem"/> says why, without file and line.</summary>
    public bool TryRead(string text, out DateTimeOffset time, out string problem)
    {
        problem = "";
        if (!format.TryParse(text, out time))
            problem = $"'{text}' is not a time of the form {format}";
        else if (!EventTimes.Hold(time))
            problem = $"time '{text}' ({format}) is {Read(time)}, which events cannot have: {EventTimes.Range}";
        else if (time < earliest)
            problem = Refusal(text, time, "before 1990");
        else if (time >= latest)
            problem = Refusal(text, time, "later than tomorrow");
        return problem.Length == 0;
    }

    private static DateTimeOffset EndOfTomorrow(DateTimeOffset now) => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(2);

    private static string Read(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Refusal(string text, DateTimeOffset time, string where) => $"time '{text}' ({format}) is {Read(time)}, {where}; "
        + "name the column by --columns time=..., its form by --time-format, or take such times by --any-time";
}
