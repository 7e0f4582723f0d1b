using System.Globalization;

namespace ILoRA.Streaming.Json;

/// <summary>
/// RFC 3339 as the schemas' pattern has it: <c>yyyy-MM-ddTHH:mm:ss[.1 to 9 digits](Z|+hh:mm|-hh:mm)</c>, the years 1900 to 9999 but for
/// their first and last day, no leap second. Digits below 100 ns are cut.
/// </summary>
internal static class Rfc3339
{
    public const int MaxBytes = 28;

    /// <summary>The first instant that may be written in UTC, and the first after the last one.</summary>
    public static readonly DateTimeOffset Earliest = new(1900, 1, 2, 0, 0, 0, TimeSpan.Zero),
        End = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The format of a time in UTC with milliseconds: of headers, and of times that are kept in milliseconds.</summary>
    public const string Milliseconds = "yyyy-MM-ddTHH:mm:ss.fff'Z'";

    /// <summary>With milliseconds.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Milliseconds, CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        if (!Date(text, out var ticks) || !Number(text[11..13], 23, out var hour) || !Number(text[14..16], 59, out var minute)
            || !Number(text[17..19], 59, out var second))
            return false;
        var rest = text[19..];
        if (!Fraction(ref rest, out var fraction) || !Offset(rest, out var offset))
            return false;
        time = new DateTimeOffset(ticks + new TimeSpan(hour, minute, second).Ticks + fraction - offset, TimeSpan.Zero);
        return true;
    }

    public static int Format(DateTimeOffset time, Span<byte> text)
    {
        var utc = time.UtcDateTime;
        Digits(utc.Year, text[..4]);
        Digits(utc.Month, text[5..7]);
        Digits(utc.Day, text[8..10]);
        Digits(utc.Hour, text[11..13]);
        Digits(utc.Minute, text[14..16]);
        Digits(utc.Second, text[17..19]);
        text[4] = text[7] = (byte)'-';
        text[10] = (byte)'T';
        text[13] = text[16] = (byte)':';
        var length = 19;
        var fraction = (int)(utc.Ticks % TimeSpan.TicksPerSecond);
        if (fraction != 0)
        {
            text[19] = (byte)'.';
            Digits(fraction, text[20..27]);
            length = text[..27].LastIndexOfAnyExcept((byte)'0') + 1;
        }
        text[length] = (byte)'Z';
        return length + 1;
    }

    private static bool Date(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!Number(text[..4], 9999, out var year) || year < 1900 || !Number(text[5..7], 12, out var month) || month < 1
            || !Number(text[8..10], DateTime.DaysInMonth(year, month), out var day) || day < 1)
            return false;
        ticks = new DateTime(year, month, day).Ticks;
        return !(year == 1900 && month == 1 && day == 1) && !(year == 9999 && month == 12 && day == 31);
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
            return true;
        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > 9)
            return false;
        for (var i = 0; i < 7; i++)
            ticks = ticks * 10 + (i < digits ? rest[1 + i] - '0' : 0);
        rest = rest[(1 + digits)..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest.Length == 1)
            return rest[0] == 'Z';
        if (rest.Length != 6 || rest[3] != ':' || rest[0] is not ((byte)'+' or (byte)'-') || !Number(rest[1..3], 23, out var hours)
            || !Number(rest[4..6], 59, out var minutes))
            return false;
        ticks = (rest[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0).Ticks;
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> digits, int max, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = value * 10 + digit - '0';
        }
        return value <= max;
    }

    private static void Digits(int value, Span<byte> text)
    {
        for (var i = text.Length - 1; i >= 0; i--, value /= 10)
            text[i] = (byte)('0' + value % 10);
    }
}
