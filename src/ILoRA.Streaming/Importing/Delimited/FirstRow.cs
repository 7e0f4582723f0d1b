using System.Globalization;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Times;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>Tells a header of unknown names from data, where columns are given by their positions.</summary>
internal static class FirstRow
{
    /// <param name="sample">The first rows.</param>
    /// <param name="kind">What the file is read for.</param>
    /// <param name="places">The columns that the user gave.</param>
    /// <param name="reading">What else the user said.</param>
    /// <returns>Why the first row may be a header; null where it is data.</returns>
    public static string? HeaderDoubt(Sample sample, FileKind kind, IReadOnlyDictionary<ColumnRole, int> places, FileReading reading)
    {
        if (sample.Rows.Count < 2)
            return null;
        if (places.TryGetValue(ColumnRole.Time, out var time) && !IsTime(sample, 0, time, reading) && IsTime(sample, 1, time, reading))
            return $"since its '{sample.Rows[0][time].Trim()}' is no time and '{sample.Rows[1][time].Trim()}' below it is one";
        if (kind == FileKind.Items && places.TryGetValue(ColumnRole.Item, out var item) && HeaderlessItems.MayBeHeader(sample, item))
            return $"since '{sample.Rows[0][item].Trim()}' is unlike the ids below it";
        // Ids and titles may be numbers by chance; of what is in no role, such as prices, all are.
        var column = Enumerable.Range(0, sample.Width).Except(places.Values).FirstOrDefault(place => IsOverNumbers(sample, place), -1);
        return column < 0 ? null : $"since '{sample.Rows[0][column].Trim()}' is no number and those below it are";
    }

    private static bool IsTime(Sample sample, int row, int place, FileReading reading)
        => new TimeColumn(reading.TimeFormat is { } name ? TimeFormats.Of(name) : null).Add(sample.Rows[row][place].Trim(), 1) is null;

    private static bool IsOverNumbers(Sample sample, int place)
        => sample.Rows[0][place].Any(char.IsLetter) && sample.Rows.Skip(1).All(row => IsNumber(row[place]));

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
