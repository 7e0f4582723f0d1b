using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Importing.Times;

/// <summary>The formats that a user can name, and those that a text may have.</summary>
public static class TimeFormats
{
    /// <summary>What <c>--time-format</c> takes, for a message.</summary>
    public const string Accepted =
        "seconds, milliseconds, microseconds, iso, day-first, month-first or a pattern such as 'dd/MM/yyyy HH:mm' (MM months, mm "
            + "minutes; hh needs tt)";

    private static readonly DateOrder[] NamedOrders = [DateOrder.YearLast, DateOrder.DayMonthName, DateOrder.MonthNameDay];

    private static readonly FirstPart[] AnyFirst = [FirstPart.Day, FirstPart.Month, FirstPart.Year];

    private static readonly Dictionary<string, TimeFormat> ByName = new(StringComparer.Ordinal)
    {
        ["seconds"] = new UnixTime(UnixUnit.Seconds, AnyMagnitude: true),
        ["milliseconds"] = new UnixTime(UnixUnit.Milliseconds, AnyMagnitude: true),
        ["microseconds"] = new UnixTime(UnixUnit.Microseconds, AnyMagnitude: true),
        ["iso"] = new OrderedTime("iso", FirstPart.Month, DateOrder.YearFirst, DateOrder.Compact),
        ["day-first"] = new OrderedTime("day-first", FirstPart.Day, NamedOrders),
        ["month-first"] = new OrderedTime("month-first", FirstPart.Month, NamedOrders),
    };

    /// <summary>Null where <paramref name="name"/> is no name and no pattern of day, month and year.</summary>
    public static TimeFormat? Of(string name) => ByName.TryGetValue(name, out var known) ? known : PatternTime.Of(name);

    /// <summary>
    /// The ways in which a text may be read, the likeliest first: eight digits that make a day are a date, not seconds of 1970.
    /// </summary>
    internal static IReadOnlyList<TimeFormat> Possible(string text)
    {
        var possible = new List<TimeFormat>(2);
        if (WrittenTime.Of(text) is { } written)
            foreach (var first in written.Form.Order == DateOrder.YearLast ? AnyFirst : [FirstPart.Month])
                if (written.TryRead(first, out _))
                    possible.Add(new TextTime(written.Form, first));
        foreach (var unit in Enum.GetValues<UnixUnit>())
            if (new UnixTime(unit) is var unix && unix.TryParse(text, out _))
                possible.Add(unix);
        return possible;
    }
}
