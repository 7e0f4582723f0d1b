using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>Splits a file of separated values into rows and fields.</summary>
/// <param name="file">The file.</param>
/// <param name="separator">What stands between two fields.</param>
/// <param name="encoding">How its text is encoded.</param>
/// <param name="quoted">Whether a field may be in double quotes.</param>
internal sealed class DelimitedRows(FileExtent file, Separator separator, Encoding encoding, bool quoted)
{
    /// <summary>A field without end is a quote that is never closed.</summary>
    private const int MaxFieldSize = 1 << 20;

    /// <summary>In the file's order, without blank ones; none after one that ends the file.</summary>
    public IEnumerable<DelimitedRow> Read()
    {
        string? malformed = null;
        using var text = TextSource.Open(file, encoding);
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.Text,
            Mode = quoted ? CsvMode.RFC4180 : CsvMode.NoEscape,
            HasHeaderRecord = false,
            IgnoreBlankLines = true,
            MaxFieldSize = MaxFieldSize,
            BadDataFound = bad => malformed = bad.Field,
        });
        var row = default(DelimitedRow);
        while (row is not { EndsFile: true } && Advance(parser, out row))
        {
            if (row is null && parser.RawRow == 1 && SeparatorLine.Is(parser.RawRecord))
                continue;
            if (row is null)
                row = Fields(parser, ref malformed);
            if (row.Problem is not null || !Array.TrueForAll(row.Fields, string.IsNullOrWhiteSpace))
                yield return row;
        }
    }

    private static bool Advance(CsvParser parser, out DelimitedRow? tooLong)
    {
        tooLong = null;
        var last = parser.RawRow;
        try
        {
            return parser.Read();
        }
        catch (MaxFieldSizeException)
        {
            var problem = $"a field has more than {MaxFieldSize:N0} characters, as if a quote were not closed";
            tooLong = new(last + 1, []) { Problem = problem, EndsFile = true };
            return true;
        }
    }

    private DelimitedRow Fields(CsvParser parser, ref string? malformed)
    {
        var fields = new string[parser.Count];
        var (problem, endsFile, open) = (default(string), false, false);
        for (var column = 0; column < fields.Length; column++)
        {
            malformed = null;
            // Reading a field is what reports it as malformed.
            fields[column] = parser[column];
            if (malformed is null)
                continue;
            if (IsLiteral(malformed))
            {
                fields[column] = malformed;
                continue;
            }
            endsFile |= malformed.Count('"') % 2 == 1 || malformed.Contains('\n', StringComparison.Ordinal);
            open = malformed[^1] is '\n' or '\r';
            problem ??= endsFile
                ? $"the quote that opens column {column + 1} is not closed"
                : $"column {column + 1} goes on after its closing quote; a quote inside of quotes is written twice";
        }
        return new(FirstLine(parser, open), fields) { Problem = problem, EndsFile = endsFile };
    }

    /// <summary>Quotes inside of a field are text, and so are those around its first word only, where tabs separate the fields.</summary>
    private bool IsLiteral(string malformed)
        => malformed[0] != '"'
            || (separator == Separator.Tab && malformed.Count('"') % 2 == 0 && !malformed.Contains('\n', StringComparison.Ordinal));

    /// <param name="parser">At the row.</param>
    /// <param name="open">Whether the row's last line break is part of a field.</param>
    private static long FirstLine(CsvParser parser, bool open)
    {
        var text = parser.RawRecord.AsSpan();
        var breaks = text.Count('\n') + text.Count('\r') - text.Count("\r\n");
        return parser.RawRow - breaks + (!open && text is [.., '\n' or '\r'] ? 1 : 0);
    }
}
