using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Importing.Times;

/// <summary>The times that an event can have: workers dead-letter any other.</summary>
internal static class EventTimes
{
    public const string Range = "they are of the years 1900 to 9999";

    public static bool Hold(DateTimeOffset time) => time >= Rfc3339.Earliest && time < Rfc3339.End;
}
