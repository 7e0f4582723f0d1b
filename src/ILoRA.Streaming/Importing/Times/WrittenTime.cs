using System.Globalization;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Importing.Times;

/// <summary>The order in which the parts of a date are written.</summary>
internal enum DateOrder
{
    YearFirst,

    /// <summary>Eight digits without separators.</summary>
    Compact,

    /// <summary>Two numbers, day and month or month and day, then the year.</summary>
    YearLast,

    /// <summary>9 December 2011.</summary>
    DayMonthName,

    /// <summary>December 9, 2011.</summary>
    MonthNameDay,
}

/// <summary>Which part of a date of three numbers is written first.</summary>
internal enum FirstPart
{
    Month,
    Day,

    /// <summary>Two digits, as the day at the end: 23-05-14.</summary>
    Year,
}

/// <summary>What the times of one column have in common; seconds, fractions and leading zeros may come and go.</summary>
internal sealed record WrittenForm(DateOrder Order, string Separator, bool ShortYear, bool HasClock, bool HalfDays, bool HasOffset);

/// <summary>A date, with or without a clock time, taken apart. Names of months are English.</summary>
internal sealed partial class WrittenTime
{
    /// <summary>Two-digit years are of 1950 to 2049.</summary>
    private const int LastShortYear = 49;

    private readonly int year, first, second;

    /// <summary>The day where a year of two digits is written first; 0 where none can be.</summary>
    private readonly int last;

    private readonly TimeSpan clock;
    private readonly TimeSpan offset;

    private WrittenTime(Match match)
    {
        var (name, hasClock) = (match.Groups["name"], match.Groups["h"].Success);
        bool Has(string group) => match.Groups[group].Success;
        Form = new WrittenForm(OrderOf(match), match.Groups["s"].Value, match.Groups["y"].Length == 2, hasClock, Has("ap"), Has("z"));
        var written = Number(match, "y");
        year = Form.ShortYear ? Full(written) : written;
        last = Form.ShortYear && match.Groups["a"].Length == 2 ? written : 0;
        first = name.Success ? MonthOf(name.Value) : Number(match, Form.Order == DateOrder.YearLast ? "a" : "m");
        second = Number(match, Form.Order == DateOrder.YearLast ? "b" : "d");
        clock = hasClock ? ClockOf(match) : TimeSpan.Zero;
        offset = OffsetOf(match.Groups["z"].Value);
    }

    public WrittenForm Form { get; }

    public static WrittenTime? Of(string text) => Pattern().Match(text) is { Success: true } match ? new(match) : null;

    /// <summary>False where there is no such day, or no such time of day.</summary>
    public bool TryRead(FirstPart part, out DateTimeOffset time)
    {
        time = default;
        var (year, month, day) = Parts(part);
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (clock < TimeSpan.Zero || offset.Duration() > TimeSpan.FromHours(14))
            return false;
        var ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks + clock.Ticks - offset.Ticks;
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private (int Year, int Month, int Day) Parts(FirstPart part) => (Form.Order == DateOrder.YearLast ? part : FirstPart.Month) switch
    {
        FirstPart.Day => (year, second, first),
        FirstPart.Year => (Full(first), second, last),
        _ => (year, first, second),
    };

    private static int Full(int shortYear) => shortYear + (shortYear <= LastShortYear ? 2000 : 1900);

    private static DateOrder OrderOf(Match match) => match switch
    {
        _ when match.Groups["a"].Success => DateOrder.YearLast,
        _ when match.Groups["name"] is { Success: true } name && name.Index < match.Groups["d"].Index => DateOrder.MonthNameDay,
        _ when match.Groups["name"].Success => DateOrder.DayMonthName,
        _ => match.Groups["s"].Success ? DateOrder.YearFirst : DateOrder.Compact,
    };

    /// <summary>Negative where there is no such time of day.</summary>
    private static TimeSpan ClockOf(Match match)
    {
        var (hour, minute, second) = (Number(match, "h"), Number(match, "n"), Number(match, "sec"));
        if (match.Groups["ap"] is { Success: true } half)
            hour = hour is < 1 or > 12 ? -1 : hour % 12 + (half.Value is "p" or "P" ? 12 : 0);
        if (hour is < 0 or > 23 || minute > 59 || second > 59)
            return TimeSpan.MinValue;
        var fraction = match.Groups["f"].Value.PadRight(7, '0')[..7];
        return new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(int.Parse(fraction, CultureInfo.InvariantCulture));
    }

    private static TimeSpan OffsetOf(string zone)
    {
        if (zone is "" || char.IsLetter(zone[0]))
            return TimeSpan.Zero;
        var digits = zone[1..].Replace(":", "", StringComparison.Ordinal).PadRight(4, '0');
        var (hours, minutes) = (int.Parse(digits[..2], CultureInfo.InvariantCulture), int.Parse(digits[2..], CultureInfo.InvariantCulture));
        var offset = new TimeSpan(hours, minutes, 0);
        return zone[0] == '-' ? -offset : offset;
    }

    /// <summary>0 where it names no month.</summary>
    private static int MonthOf(string name)
    {
        var isShort = name.Length is 3 or 4;
        return 1 + Array.FindIndex(CultureInfo.InvariantCulture.DateTimeFormat.MonthNames, month =>
            month.Equals(name, StringComparison.OrdinalIgnoreCase)
                || (isShort && month.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
    }

    private static int Number(Match match, string group)
        => match.Groups[group] is { Success: true } digits ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("""
        ^(?:
            (?<y>[0-9]{4})(?<s>[-/.])(?<m>[0-9]{1,2})\k<s>(?<d>[0-9]{1,2})
          | (?<y>[0-9]{4})(?<m>[0-9]{2})(?<d>[0-9]{2}) (?:T?(?<h>[0-9]{2})(?<n>[0-9]{2})(?<sec>[0-9]{2})?)?
          | (?<a>[0-9]{1,2})(?<s>[-/.])(?<b>[0-9]{1,2})\k<s>(?<y>[0-9]{4}|[0-9]{2})
          | (?:[A-Za-z]{3,9},?[ ])? (?<d>[0-9]{1,2})(?<s>[ -]|\.[ ]?)(?<name>[A-Za-z]{3,9})(?:\.?[ -]|,[ ])(?<y>[0-9]{4}|[0-9]{2})
          | (?:[A-Za-z]{3,9},?[ ])? (?<name>[A-Za-z]{3,9})(?<s>\.?[ -])(?<d>[0-9]{1,2}),?[ -](?<y>[0-9]{4})
        )
        (?(h)|(?:
            (?:[Tt]|,?[ ]+) (?<h>[0-9]{1,2}):(?<n>[0-9]{2}) (?: :(?<sec>[0-9]{2})(?:[.,](?<f>[0-9]{1,9}))? )? (?:[ ]?(?<ap>[AaPp])[Mm])?
        )?)
        (?(h)(?: [ ]?(?<z>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?) )?)$
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
