using System.Globalization;

namespace ILoRA.Streaming.Importing.Times;

/// <summary>What Unix times count.</summary>
public enum UnixUnit
{
    Seconds,
    Milliseconds,
    Microseconds,
}

/// <summary>A number of units since 1970.</summary>
/// <param name="Unit">What the number counts.</param>
/// <param name="AnyMagnitude">Whether the user named the unit; else a number too small or too large for it is not written so.</param>
public sealed record UnixTime(UnixUnit Unit, bool AnyMagnitude = false) : TimeFormat($"Unix {Names[(int)Unit]}")
{
    // As seconds the year 5138, as milliseconds March 1973: what people record lies on one side. The same between milli- and microseconds.
    private const decimal FirstMilliseconds = 1e11m, FirstMicroseconds = 1e14m;
    private const NumberStyles Style = NumberStyles.Float;

    internal static IReadOnlyList<string> Names { get; } = ["seconds", "milliseconds", "microseconds"];

    private long TicksOfUnit => TicksOf(Unit);

    public override bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) || (!AnyMagnitude && OfMagnitude(number) != Unit))
            return false;
        // One more multiplication could overflow a decimal: first the bound that no unit passes.
        if (Math.Abs(number) > long.MaxValue || number * TicksOfUnit is not (>= long.MinValue / 2 and <= long.MaxValue / 2))
            return false;
        var ticks = DateTimeOffset.UnixEpoch.Ticks + (long)Math.Round(number * TicksOfUnit);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    internal static long TicksOf(UnixUnit unit) => unit switch
    {
        UnixUnit.Seconds => TimeSpan.TicksPerSecond,
        UnixUnit.Milliseconds => TimeSpan.TicksPerMillisecond,
        _ => TimeSpan.TicksPerMicrosecond,
    };

    /// <summary>The unit in which a number lies within the time that people record.</summary>
    internal static UnixUnit OfMagnitude(decimal number) => Math.Abs(number) switch
    {
        < FirstMilliseconds => UnixUnit.Seconds,
        < FirstMicroseconds => UnixUnit.Milliseconds,
        _ => UnixUnit.Microseconds,
    };
}
