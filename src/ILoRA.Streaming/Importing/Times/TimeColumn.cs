namespace ILoRA.Streaming.Importing.Times;

/// <summary>Finds how the times of a column are written: each value leaves only the formats that it can have.</summary>
/// <param name="given">What the user named; then nothing is inferred.</param>
internal sealed class TimeColumn(TimeFormat? given = null)
{
    private IReadOnlyList<TimeFormat> possible = given is null ? [] : [given];
    private (string Text, long Line)? narrowed;

    /// <summary>A value that its possible formats read as different times.</summary>
    private string? doubtful;

    /// <summary>Null before the first value.</summary>
    public TimeFormat? Format => possible.Count > 0 ? possible[0] : null;

    /// <summary>Why the column cannot be read although each value can, with the remedy; null where it can.</summary>
    public string? Doubt => possible.Count > 1 && doubtful is not null && possible.All(format => format is TextTime)
        ? $"'{doubtful}' {Ambiguity}, and no value of the column tells; "
            + "say --time-format day-first or month-first (or a pattern such as 'dd/MM/yyyy HH:mm' or 'yy-MM-dd HH:mm')"
        : null;

    /// <summary>Which readings are left, for a message.</summary>
    public string Ambiguity => possible.Any(format => format is TextTime { First: FirstPart.Year })
        ? $"may be {string.Join(" or ", possible)}"
        : "may have the day or the month first";

    /// <summary>Takes the next value into account.</summary>
    /// <returns>Null, or why the value is bad, without file and line; it then changes nothing.</returns>
    public string? Add(string text, long line)
    {
        if (UnixTime.IsCut(text))
            return $"time is '{text}', a number that a spreadsheet cut short; write the column as text or as a date there";
        if (possible.Count == 0)
        {
            possible = TimeFormats.Possible(text);
            narrowed = (text, line);
            NoteDoubt(text);
            return possible.Count > 0 ? null : NotATime(text);
        }
        var left = possible.Count == 1 && possible[0].TryParse(text, out _)
            ? possible
            : [.. possible.Where(format => format.TryParse(text, out _))];
        if (left.Count == 0)
            return given is null ? Mixed(text) : $"'{text}' is not written as --time-format '{given}' says";
        if (left.Count < possible.Count)
            (possible, narrowed) = (left, (text, line));
        NoteDoubt(text);
        return null;
    }

    private void NoteDoubt(string text)
    {
        if (doubtful is not null || possible.Count < 2)
            return;
        if (possible.Select(format => format.TryParse(text, out var time) ? time : default).Distinct().Count() > 1)
            doubtful = text;
    }

    private string Mixed(string text)
    {
        var own = TimeFormats.Possible(text);
        var (other, line) = narrowed!.Value;
        return own.Count == 0
            ? NotATime(text)
            : $"'{text}' is {string.Join(" or ", own)}, but '{other}' in line {line} is {string.Join(" or ", possible)}; "
                + "name one by --time-format (rows of the other are then bad; --skip-bad N leaves so many out)";
    }

    private static string NotATime(string text)
        => $"'{text}' is not a time that is recognised; say how it is written by --time-format: {TimeFormats.Accepted}";
}
