using ILoRA.Streaming.Importing.Times;

namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>A single time as people write it on a command line; columns of files are read as a whole (<see cref="TimeColumn"/>).</summary>
public static class FileTime
{
    /// <summary>Unix seconds, milliseconds or microseconds, or a date, with or without a clock time; without an offset it is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time) => TryParse(text, out time, out _);

    /// <summary>False where <paramref name="text"/> is no time or may be two; <paramref name="problem"/> says which.</summary>
    public static bool TryParse(string text, out DateTimeOffset time, out string problem)
    {
        time = default;
        var column = new TimeColumn();
        problem = column.Add(text, 1) is not null
            ? $"'{text}' is not a time; give RFC 3339, a date such as 2011-12-09, or Unix seconds, milliseconds or microseconds"
            : column.Doubt is not null ? $"'{text}' {column.Ambiguity}; write it as 2011-12-09"
            : "";
        return problem.Length == 0 && column.Format!.TryParse(text, out time);
    }
}
