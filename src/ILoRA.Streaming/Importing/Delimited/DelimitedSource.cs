using System.Text;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>A file of separated values whose columns are known.</summary>
internal sealed class DelimitedSource : IRecordSource
{
    private readonly FileExtent file;
    private readonly Encoding encoding;
    private readonly Separator separator;
    private readonly ColumnChoice columns;
    private readonly NamedFormat? named;
    private readonly bool quoted;
    private readonly int width, least;
    private readonly OpenQuote openQuote;
    private readonly Dictionary<string, int> places;
    private readonly string[]? header;

    /// <param name="file">The file.</param>
    /// <param name="format">What it is called.</param>
    /// <param name="encoding">How its text is encoded.</param>
    /// <param name="sample">Its separator and first rows.</param>
    /// <param name="columns">What its columns hold.</param>
    /// <param name="named">Rules of its format, if any.</param>
    /// <param name="quoted">Whether fields may be in quotes.</param>
    public DelimitedSource(
        FileExtent file, FileFormat format, Encoding encoding, Sample sample, ColumnChoice columns, NamedFormat? named, bool quoted)
    {
        (this.file, this.encoding, this.columns, this.named, this.quoted) = (file, encoding, columns, named, quoted);
        separator = sample.Separator;
        width = sample.Width;
        least = 1 + Array.FindLastIndex(sample.Rows[0], field => !string.IsNullOrWhiteSpace(field));
        openQuote = new OpenQuote(columns, separator, width);
        header = columns.Header?.Select(Unmarked).ToArray();
        places = (columns.Header ?? []).Select((name, place) => (Name: HeaderName.Plain(name), place))
            .DistinctBy(column => column.Name)
            .ToDictionary(column => column.Name, column => column.place, StringComparer.Ordinal);
        var names = columns.Places.ToDictionary(place => place.Key, place => columns.NameOf(place.Value));
        Layout = new FileLayout(format, encoding.WebName, names)
        {
            Separator = separator.Text,
            HeaderLine = columns.Header is null ? null : sample.FirstLine,
        };
    }

    public FileLayout Layout { get; }

    public IEnumerable<FileRecord> Read()
    {
        var rows = new DelimitedRows(file, separator, encoding, quoted).Read();
        return (columns.Header is null ? rows : rows.Skip(1)).Select(Record);
    }

    private FileRecord Record(DelimitedRow row)
    {
        if (row.Problem is null && openQuote.Of(row) is { } swallowed)
            return new(row.Line) { Problem = swallowed, EndsFile = true };
        if (row.Problem is null && NoRow(row) is { } reason)
            return new(row.Line) { LeftOut = reason };
        if ((row.Problem ?? WrongWidth(row)) is { } problem)
            return new(row.Line) { Problem = problem, EndsFile = row.EndsFile };
        var fields = new NamedFields(places, row.Fields);
        return FileRecord.Of(row.Line, role => Value(role, row, fields)) with
        {
            LeftOut = named?.LeftOut(fields),
            Attributes = Attributes(row),
        };
    }

    /// <summary>Spreadsheets write ="007" to keep the zeros of a number.</summary>
    private static string Text(string field)
        => field.Trim() is ['=', '"', .. var text, '"'] && !text.Contains('"', StringComparison.Ordinal) ? text : field;

    /// <summary>An item that its format's rules take from sale is not for sale, whatever a column of the same meaning says.</summary>
    private string? Value(ColumnRole role, DelimitedRow row, NamedFields fields)
    {
        var text = columns.Places.TryGetValue(role, out var place) ? Text(row.Fields[place]) : null;
        var isGiven = !string.IsNullOrWhiteSpace(text) && (role != ColumnRole.Deleted || YesOrNo.Of(text) != false);
        return isGiven ? text : OfFormat(role, fields) ?? text;
    }

    /// <summary>What the rules of the format say of a role of which a row says nothing.</summary>
    private string? OfFormat(ColumnRole role, NamedFields fields) => role switch
    {
        ColumnRole.Type => named?.Type,
        ColumnRole.Deleted => named?.Deleted(fields) == true ? "true" : null,
        _ => null,
    };

    /// <summary>What files that were joined, or printed by a database's shell, have between their rows.</summary>
    private string? NoRow(DelimitedRow row)
    {
        if (IsHeader(row.Fields))
            return "repetitions of the header";
        // A column of one character has a ruler of one dash; a row of nothing else could be data.
        return row.Fields.Any(field => field.Trim().Length > 1)
            && Array.TrueForAll(row.Fields, field => field.Trim() is { Length: > 0 } text && text.All(letter => letter == '-'))
            ? "lines of dashes" : null;
    }

    private bool IsHeader(string[] fields)
    {
        if (header?.Length != fields.Length)
            return false;
        for (var place = 0; place < fields.Length; place++)
            if (Unmarked(fields[place]) != header[place])
                return false;
        return true;
    }

    /// <summary>Each of the files that were joined may begin with a byte order mark.</summary>
    private static string Unmarked(string name) => name.Trim('\uFEFF', ' ');

    private string? WrongWidth(DelimitedRow row)
    {
        if (row.Fields.Length > width && row.Fields.Skip(width).Any(field => !string.IsNullOrWhiteSpace(field)))
            return $"has {row.Fields.Length} columns, the first line has {width}; "
                + $"put a field that holds '{separator.Text}' in double quotes";
        foreach (var (role, place) in columns.Places)
            if (place >= row.Fields.Length)
                return $"has {row.Fields.Length} columns, column {place + 1} ({role.Word()}) is missing";
        return row.Fields.Length < least
            ? $"has {row.Fields.Length} columns, the first line has {least}; the row seems to be cut off" : null;
    }

    private Dictionary<string, string>? Attributes(DelimitedRow row)
    {
        var attributes = columns.Attributes
            .Where(column => column.Key < row.Fields.Length && !string.IsNullOrWhiteSpace(row.Fields[column.Key]))
            .ToDictionary(column => column.Value, column => row.Fields[column.Key].Trim(), StringComparer.Ordinal);
        return attributes.Count > 0 ? attributes : null;
    }
}
