namespace ILoRA.Streaming.Json;

/// <summary>What Unix times count.</summary>
public enum UnixUnit
{
    Seconds,
    Milliseconds,
    Microseconds,
}

/// <summary>How long a unit is, and which one a number counts.</summary>
internal static class UnixUnits
{
    // As seconds the year 5138, as milliseconds March 1973: what people record lies on one side. The same between milli- and microseconds.
    private const decimal FirstMilliseconds = 1e11m, FirstMicroseconds = 1e14m;

    public static long Ticks(this UnixUnit unit) => unit switch
    {
        UnixUnit.Seconds => TimeSpan.TicksPerSecond,
        UnixUnit.Milliseconds => TimeSpan.TicksPerMillisecond,
        _ => TimeSpan.TicksPerMicrosecond,
    };

    /// <summary>The unit in which a number lies within the time that people record.</summary>
    public static UnixUnit OfMagnitude(decimal number) => Math.Abs(number) switch
    {
        < FirstMilliseconds => UnixUnit.Seconds,
        < FirstMicroseconds => UnixUnit.Milliseconds,
        _ => UnixUnit.Microseconds,
    };
}
