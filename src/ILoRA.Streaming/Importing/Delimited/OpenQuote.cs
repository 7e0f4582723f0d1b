using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>
/// Finds quotes that are closed only by a quote of a later row, so that the rows between are taken for text of the field.
/// </summary>
/// <param name="columns">Which column holds what.</param>
/// <param name="separator">What stands between two fields.</param>
/// <param name="width">How many columns the first row has.</param>
internal sealed class OpenQuote(ColumnChoice columns, Separator separator, int width)
{
    /// <summary>A column of two roles is not the title alone.</summary>
    private readonly Dictionary<int, ColumnRole> roles = columns.Places.GroupBy(column => column.Value, column => column.Key)
        .ToDictionary(column => column.Key, column => column.MinBy(role => role == ColumnRole.Title));

    /// <summary>A further column of clicks is rarely of several lines; a description of an item often is, and may hold anything.</summary>
    private readonly bool areClicks = columns.Places.ContainsKey(ColumnRole.User);

    /// <summary>Null where the row's line breaks are those of a title or of a further column.</summary>
    public string? Of(DelimitedRow row)
    {
        for (var place = 0; place < row.Fields.Length; place++)
            if (row.Fields[place].AsSpan().ContainsAny('\n', '\r') && Problem(row, place) is { } problem)
                return problem;
        return null;
    }

    private string? Problem(DelimitedRow row, int place)
    {
        var (field, after) = (row.Fields[place], row.Fields.Length - 1 - place);
        if (!roles.TryGetValue(place, out var role))
            return (areClicks || EndsAtNextField(field)) && HoldsRow(field, after) ? Swallowed(row, place, $"'{NameOf(place)}'") : null;
        var text = field.Trim();
        if (!text.AsSpan().ContainsAny('\n', '\r'))
            return null;
        if (role != ColumnRole.Title)
            return $"the {role.Word()} in column {place + 1} holds a line break, as if a quote were not closed";
        return HoldsRow(text, after) ? Swallowed(row, place, "title") : null;
    }

    /// <summary>A row may have more columns than the header.</summary>
    private string NameOf(int place)
        => columns.Header is { } header && (place >= header.Count || string.IsNullOrWhiteSpace(header[place]))
            ? $"column {place + 1}" : columns.NameOf(place);

    private string Swallowed(DelimitedRow row, int place, string what)
        => $"the quote opened in line {row.Line + Breaks(row, place)} seems not to be closed: a line of the {what} has as many "
            + $"'{separator.Text}' as the first line; write the {what} in one line if it is one";

    /// <summary>
    /// A text of several lines may hold anything, but what ends right before a field was closed by the quote that opens it.
    /// </summary>
    private bool EndsAtNextField(string text)
        => text[^1] is '\n' or '\r' || text.EndsWith(separator.Text, StringComparison.Ordinal);

    /// <summary>Whether one of the lines after the first has as many separators as a row.</summary>
    /// <param name="text">The field's.</param>
    /// <param name="after">How many columns follow the field on its last line.</param>
    private bool HoldsRow(string text, int after)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var line = 1; line < lines.Length; line++)
        {
            var separators = lines[line].AsSpan().Count(separator.Text) + (line == lines.Length - 1 ? after : 0);
            if (separators == width - 1)
                return true;
        }
        return false;
    }

    private static int Breaks(DelimitedRow row, int place) =>
        row.Fields.Take(place).Sum(field => field.ReplaceLineEndings("\n").Count(c => c == '\n'));
}
