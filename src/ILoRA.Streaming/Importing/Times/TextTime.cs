using System.Globalization;
using System.Text.RegularExpressions;

namespace ILoRA.Streaming.Importing.Times;

/// <summary>Dates, and clock times, of one form.</summary>
internal sealed record TextTime(WrittenForm Form, FirstPart First) : TimeFormat(NameOf(Form, First))
{
    public override bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return WrittenTime.Of(text) is { } written && written.Form == Form && written.TryRead(First, out time);
    }

    private static string NameOf(WrittenForm form, FirstPart first)
    {
        var year = form.ShortYear ? "yy" : "yyyy";
        var date = form.Order switch
        {
            DateOrder.YearFirst => string.Join(form.Separator, "yyyy", "MM", "dd"),
            DateOrder.Compact => "yyyyMMdd",
            DateOrder.DayMonthName => $"d{form.Separator}MMM {year}",
            DateOrder.MonthNameDay => "MMM d yyyy",
            _ => string.Join(form.Separator, first switch
            {
                FirstPart.Day => ["dd", "MM", year],
                FirstPart.Year => [year, "MM", "dd"],
                _ => (string[])["MM", "dd", year],
            }),
        };
        var clock = !form.HasClock ? "" : form.HalfDays ? " hh:mm tt" : " HH:mm";
        return $"{date}{clock}{(form.HasOffset ? " with offset" : "")}";
    }
}

/// <summary>What the user names by the order of a date's parts: clock and offset may come and go.</summary>
internal sealed record OrderedTime(string Order, FirstPart First, params DateOrder[] Orders) : TimeFormat(Order)
{
    public override bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return WrittenTime.Of(text) is { } written && Orders.Contains(written.Form.Order) && written.TryRead(First, out time);
    }
}

/// <summary>A pattern as .NET writes them, e.g. <c>dd/MM/yyyy HH:mm</c>; dd, MM, HH and hh also take one digit.</summary>
internal sealed partial record PatternTime(string Pattern) : TimeFormat(Pattern)
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
    private static readonly DateTimeOffset Sample = new(1999, 11, 25, 13, 47, 58, TimeSpan.Zero);
    private readonly string lenient = TwoDigits().Replace(Pattern, part => part.Value[..1]);

    /// <summary>Null where the pattern does not say day, month and year, or takes minutes for months or mornings for evenings.</summary>
    public static PatternTime? Of(string pattern)
    {
        // One letter would be one of .NET's standard formats.
        if (pattern.Length < 2 || IsMistaken(pattern))
            return null;
        var format = new PatternTime(pattern);
        try
        {
            // Without its year, month or day the sample does not come back.
            var text = Sample.ToString(pattern, CultureInfo.InvariantCulture);
            return format.TryParse(text, out var back) && back.Date == Sample.Date ? format : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public override bool TryParse(string text, out DateTimeOffset time)
        => DateTimeOffset.TryParseExact(text, [Pattern, lenient], CultureInfo.InvariantCulture, Utc, out time);

    private static bool IsMistaken(string pattern)
    {
        var letters = Literals().Replace(pattern, "");
        return Swapped().IsMatch(letters)
            || (letters.Contains('h', StringComparison.Ordinal) && !letters.Contains('t', StringComparison.Ordinal));
    }

    [GeneratedRegex(@"'[^']*'|""[^""]*""|\\.", RegexOptions.CultureInvariant)]
    private static partial Regex Literals();

    /// <summary>Minutes beside a day or a year, or months beside an hour.</summary>
    [GeneratedRegex("[dy][-/.]m|m[-/.][dy]|[Hh][:.]?M", RegexOptions.CultureInvariant)]
    private static partial Regex Swapped();

    [GeneratedRegex("(?<![A-Za-z])(?:dd|MM|HH|hh)(?![A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex TwoDigits();
}
