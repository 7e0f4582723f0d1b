using System.Globalization;

namespace ILoRA.Streaming.Importing;

/// <summary>When a recorded event is due if time runs <c>speed</c> times as fast as it was recorded.</summary>
/// <param name="speed">1 as recorded, 3600 an hour a second; positive infinity for no waiting at all.</param>
/// <param name="clock">What time it is.</param>
public sealed class ReplayPace(double speed, TimeProvider clock)
{
    private DateTimeOffset? firstEvent;
    private long started;

    /// <summary>Parses <c>max</c> or a positive number.</summary>
    public static bool TryParseSpeed(string text, out double speed)
    {
        speed = double.PositiveInfinity;
        return text == "max"
            || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out speed) && speed > 0 && double.IsFinite(speed));
    }

    /// <summary>How long until the event of <paramref name="time"/> is due; the first one asked for is due at once.</summary>
    public TimeSpan Until(DateTimeOffset time)
    {
        if (firstEvent is null)
        {
            firstEvent = time;
            started = clock.GetTimestamp();
        }
        if (double.IsPositiveInfinity(speed))
            return TimeSpan.Zero;
        var due = (time - firstEvent.Value) / speed - clock.GetElapsedTime(started);
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }
}
