using System.Text;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;
using ILoRA.Streaming.Importing.Times;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>The first rows of a file as one separator cuts them.</summary>
/// <param name="Separator">The separator.</param>
/// <param name="Rows">Those that have as many fields as the first; not empty.</param>
/// <param name="IsEven">Whether these are most of the rows.</param>
/// <param name="FirstLine">The line of the first.</param>
internal sealed record Sample(Separator Separator, IReadOnlyList<string[]> Rows, bool IsEven, long FirstLine)
{
    private const int MaxRows = 200;

    /// <summary>One bad value among ten leaves a column what it is: the row is refused by its line later.</summary>
    private const double Most = 0.9;

    public int Width => Rows[0].Length;

    /// <summary>Null where the first row cannot be read.</summary>
    public static Sample? Of(FileExtent file, Separator separator, Encoding encoding)
    {
        var rows = new DelimitedRows(file, separator, encoding, quoted: true).Read().Take(MaxRows).ToArray();
        if (rows is not [{ Problem: null } first, ..])
            return null;
        var even = rows.Where(row => row.Problem is null && row.Fields.Length == first.Fields.Length).Select(row => row.Fields).ToArray();
        return new(separator, even, even.Length * 2 >= rows.Length, first.Line);
    }

    public IEnumerable<string> Column(int place) => Rows.Select(row => row[place].Trim());

    /// <summary>Whether nearly all of the column's values, or a given part of them, are so.</summary>
    public bool Mostly(int place, Func<string, bool> are, double part = Most) => Column(place).Count(are) >= part * Rows.Count;

    /// <summary>Whether nearly all of the column's values differ.</summary>
    public bool MostlyDiffer(int place) => Column(place).Distinct(StringComparer.Ordinal).Count() >= Most * Rows.Count;

    /// <summary>Whether at least half of the column's values are times that a clickstream can have: those of no other column are.</summary>
    public bool IsTimes(int place, FileReading reading)
    {
        var column = new TimeColumn(reading.TimeFormat is { } name ? TimeFormats.Of(name) : null);
        var written = Column(place).Where(text => column.Add(text, 1) is null).ToArray();
        if (column.Format is null)
            return false;
        // A first row that has none may be a header.
        var times = new TimeReader(column.Format, reading.AnyTime, reading.Clock);
        bool IsTime(string text) => times.TryRead(text, out _, out _);
        return IsTime(Rows[0][place].Trim()) && written.Count(IsTime) * 2 >= Rows.Count;
    }
}
