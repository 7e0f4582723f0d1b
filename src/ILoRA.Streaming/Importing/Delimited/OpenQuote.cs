using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>Finds quotes that are closed only by a quote of a later row, so that the rows between are taken for text of the field.</summary>
/// <param name="columns">Which column holds what.</param>
/// <param name="separator">What stands between two fields.</param>
/// <param name="width">How many columns the first row has.</param>
internal sealed class OpenQuote(ColumnChoice columns, Separator separator, int width)
{
    /// <summary>Null where the row's line breaks are those of a title or of a further column.</summary>
    public string? Of(DelimitedRow row)
    {
        foreach (var (role, place) in columns.Places)
        {
            if (place >= row.Fields.Length)
                continue;
            var text = row.Fields[place].Trim();
            if (!text.AsSpan().ContainsAny('\n', '\r'))
                continue;
            if (role != ColumnRole.Title)
                return $"the {role.Word()} in column {place + 1} holds a line break, as if a quote were not closed";
            if (HoldsRow(text, row.Fields.Length - 1 - place))
                return Swallowed(row, place, "title");
        }
        foreach (var (place, name) in columns.Attributes)
            if (place < row.Fields.Length && EndsAtNextField(row.Fields[place]) && HoldsRow(row.Fields[place], row.Fields.Length - 1 - place))
                return Swallowed(row, place, $"'{name}'");
        return null;
    }

    private string Swallowed(DelimitedRow row, int place, string what)
        => $"the quote opened in line {row.Line + Breaks(row, place)} seems not to be closed: a line of the {what} has as many "
            + $"'{separator.Text}' as the first line; write the {what} in one line if it is one";

    /// <summary>A text of several lines may hold anything, but what ends right before a field was closed by the quote that opens it.</summary>
    private bool EndsAtNextField(string text)
        => text.AsSpan().ContainsAny('\n', '\r') && (text[^1] is '\n' or '\r' || text.EndsWith(separator.Text, StringComparison.Ordinal));

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

    private static int Breaks(DelimitedRow row, int place) => row.Fields.Take(place).Sum(field => field.ReplaceLineEndings("\n").Count(c => c == '\n'));
}
