using System.Text;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>Finds out how a file of separated values is laid out, or refuses it.</summary>
internal sealed class Recognition
{
    /// <summary>More columns of a header would hide what is wrong with it.</summary>
    private const int MostShown = 8;

    private readonly FileExtent file;
    private readonly string name;
    private readonly FileKind kind;
    private readonly FileReading reading;
    private readonly HeaderColumns header;
    private readonly Encoding encoding;
    private readonly Separator[] separators;

    private Recognition(FileExtent file, FileKind kind, FileReading reading)
    {
        (this.file, name, this.kind, this.reading) = (file, file.Name, kind, reading);
        header = new HeaderColumns(kind, reading);
        // MovieLens before 2009 is in Latin-1.
        var isOld = reading.Format == FileFormat.MovieLens || TextSource.Unpacked(name) is "u.item" or "movies.dat";
        encoding = FileEncoding.Of(file, reading.Encoding, isOld ? Encoding.Latin1 : null, reading.Stop);
        separators = SeparatorLine.Of(file, encoding) is { } named ? [named]
            : [.. Separator.For(name).Where(separator => Takes(reading.Format, separator))];
    }

    /// <exception cref="InvalidDataException">It cannot be understood for certain.</exception>
    public static DelimitedSource Of(FileExtent file, FileKind kind, FileReading reading) => new Recognition(file, kind, reading).Source();

    private DelimitedSource Source()
    {
        var samples = separators.Select(separator => Sample.Of(file, separator, encoding)).OfType<Sample>().ToArray();
        var wide = samples.Where(sample => sample.Width > 1 && sample.Width >= header.LastPosition)
            .OrderByDescending(sample => sample.IsEven).ToArray();
        if (wide.Length == 0 && Unreadable() is { } problem)
            throw new InvalidDataException(problem);
        if (samples.Length == 0)
            throw new InvalidDataException($"{name}: holds no row.");
        if (wide.Length == 0 && header.LastPosition > 1)
            throw new InvalidDataException(
                $"{name}: --columns names column {header.LastPosition}, the file has {samples.Max(sample => sample.Width)}.");
        return ByHeader(wide, out var doubt)
            ?? ByPosition(wide)
            ?? ByValues(wide)
            ?? throw new InvalidDataException(Refusal(wide.FirstOrDefault() ?? samples[0], doubt));
    }

    private DelimitedSource? ByHeader(IEnumerable<Sample> samples, out string doubt)
    {
        doubt = "";
        foreach (var sample in samples)
        {
            var row = sample.Rows[0];
            if (header.IsByPosition && !header.IsNamed(row))
                continue;
            var isRecBole = Array.TrueForAll(row, HeaderName.IsTyped);
            if (reading.Format == FileFormat.RecBole && !isRecBole)
                doubt = "the first line has no names with types such as user_id:token";
            else if (header.Of(row, out var why) is { } found)
            {
                var format = found.Format?.Format ?? (isRecBole ? FileFormat.RecBole : FormatOf(sample));
                return new(file, format, encoding, sample, found.Columns, found.Format, quoted: !isRecBole);
            }
            else if (doubt.Length == 0)
                doubt = why;
        }
        return null;
    }

    private DelimitedSource? ByPosition(Sample[] samples)
    {
        if (!header.IsByPosition)
            return null;
        var even = samples.Where(sample => sample.IsEven).ToArray();
        if (even is not [var sample, ..])
            return null;
        if (even.Length > 1 && reading.Format is null)
            throw new InvalidDataException(
                $"{name}: {sample.Separator.Name} or {even[1].Separator.Name} may separate its columns; say --format csv or --format tsv.");
        var places = header.Positions();
        if (FirstRow.HeaderDoubt(sample, kind, places, reading) is { } doubt)
            throw new InvalidDataException(
                Refusal(sample, $"the first line may be a header, {doubt}: name its columns, not their positions"));
        return new(file, FormatOf(sample), encoding, sample, new ColumnChoice(places, null), null, quoted: true);
    }

    private DelimitedSource? ByValues(IEnumerable<Sample> samples)
    {
        if (reading.Columns is not null)
            return null;
        foreach (var sample in samples.Where(sample => sample.IsEven && !NamesAColumn(sample.Rows[0])))
            if (Headerless(sample) is { } found)
                return new(file, found.Format, encoding, sample, found.Columns, null, found.Quoted);
        return null;
    }

    /// <summary>A name that is known stands in a header, even if the names beside it are not known.</summary>
    private bool NamesAColumn(IEnumerable<string> row)
        => row.Any(name => ColumnAliases.RoleOf(kind, name) is ColumnRole.Item or ColumnRole.Title or ColumnRole.User or ColumnRole.Time);

    private Headerless? Headerless(Sample sample)
        => kind == FileKind.Items ? HeaderlessItems.Of(sample, reading) : HeaderlessClicks.Of(name, sample, reading);

    /// <summary>The formats that fix what stands between two fields.</summary>
    private static bool Takes(FileFormat? format, Separator separator) => format switch
    {
        FileFormat.Csv => separator == Separator.Comma || separator == Separator.Semicolon,
        FileFormat.Tsv or FileFormat.RecBole => separator == Separator.Tab,
        null or FileFormat.MovieLens => true,
        _ => separator != Separator.Colons,
    };

    private static FileFormat FormatOf(Sample sample) => sample.Separator == Separator.Tab ? FileFormat.Tsv : FileFormat.Csv;

    /// <summary>Why the first row cannot be read, by any separator by which it cannot; else null.</summary>
    private string? Unreadable() => separators
        .Select(separator => new DelimitedRows(file, separator, encoding, quoted: true).Read().FirstOrDefault())
        .FirstOrDefault(row => row?.Problem is not null) is { } row ? $"{name}:{row.Line}: {row.Problem}." : null;

    private string Refusal(Sample sample, string doubt)
    {
        if (reading.Format is { } format && WithoutFormat() is { } other)
            return $"{name}: is not a {FileFormats.NameOf(format)} file: it is understood as {FileFormats.NameOf(other.Layout.Format)}, "
                + $"separated by {other.Layout.SeparatorName}; leave out --format.";
        var required = ColumnAliases.Required(kind);
        var known = string.Join("; ", required.Select(role => $"{role.Word()}: {string.Join(", ", ColumnAliases.Of(kind)[role])}"));
        var seen = string.Join(" | ", sample.Rows[0].Take(MostShown).Select(field => field.Trim()));
        if (sample.Width > MostShown)
            seen += $" | ... ({sample.Width} columns)";
        var flag = string.Join(',', required.Select(role => $"{role.Word()}=..."));
        var reason = doubt.Length > 0 ? doubt : "there is no header, and the values do not tell";
        // Of a shop's export the names are known, in another language.
        if (sample.Width > HeaderColumns.WidestUnnamed)
            return $"{name}:{sample.FirstLine}: it is not certain which column is what ({reason}). First line: {seen}. "
                + $"With --columns {flag} all of its rows are {kind.ToString().ToLowerInvariant()}, variants and unpublished products too.";
        return $"{name}:{sample.FirstLine}: it is not certain which column is what ({reason}). First line: {seen}. "
            + $"Say --columns {flag} (names of the first line, or positions from 1), or --format NAME. Known names: {known}.";
    }

    private DelimitedSource? WithoutFormat()
    {
        try
        {
            return Of(file, kind, reading with { Format = null });
        }
        catch (InvalidDataException)
        {
            // Not understood either way: the first refusal says why.
            return null;
        }
    }
}
