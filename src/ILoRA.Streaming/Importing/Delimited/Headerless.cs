using System.Text.RegularExpressions;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>What the columns of a file without a header hold, where their values leave no doubt.</summary>
internal sealed record Headerless(FileFormat Format, ColumnChoice Columns)
{
    /// <summary>Whether a field may be in quotes.</summary>
    public bool Quoted { get; init; } = true;
}

/// <summary>Recognises files of clicks without a header, where their format fixes the order: users and items look alike.</summary>
internal static class HeaderlessClicks
{
    private static readonly string[] Splits = ["train", "val", "test"];

    public static Headerless? Of(string path, Sample sample, FileReading reading) => sample.Width switch
    {
        3 when reading.Format == FileFormat.OnlineRetail && sample.IsTimes(0, reading) => new(FileFormat.OnlineRetail, Columns(1, 2, 0)),
        4 => Four(path, sample, reading),
        5 when Is(reading, FileFormat.MovieLens) && sample.Mostly(4, Splits.Contains) && sample.IsTimes(0, reading)
            => new(FileFormat.MovieLens, Columns(1, 2, 0)),
        _ => null,
    };

    /// <summary>MovieLens: user, item, rating, time. Amazon's ratings have user and item in either order, but their ids tell.</summary>
    private static Headerless? Four(string path, Sample sample, FileReading reading)
    {
        if (!sample.IsTimes(3, reading))
            return null;
        var isMovieLens = reading.Format == FileFormat.MovieLens
            || sample.Separator == Separator.Colons
            || Path.GetFileName(TextSource.Unpacked(path)) == "u.data";
        if (Is(reading, FileFormat.MovieLens) && isMovieLens)
            return new(FileFormat.MovieLens, Columns(0, 1, 3)) { Quoted = false };
        if (!Is(reading, FileFormat.Amazon))
            return null;
        if (sample.Mostly(0, AmazonIds.IsUser) && sample.Mostly(1, AmazonIds.IsItem))
            return new(FileFormat.Amazon, Columns(0, 1, 3));
        return sample.Mostly(0, AmazonIds.IsItem) && sample.Mostly(1, AmazonIds.IsUser) ? new(FileFormat.Amazon, Columns(1, 0, 3)) : null;
    }

    private static bool Is(FileReading reading, FileFormat format)
        => reading.Format is null or FileFormat.Csv or FileFormat.Tsv || reading.Format == format;

    private static ColumnChoice Columns(int user, int item, int time)
        => new(new Dictionary<ColumnRole, int> { [ColumnRole.User] = user, [ColumnRole.Item] = item, [ColumnRole.Time] = time }, null);
}

/// <summary>Amazon's ids of products and reviewers.</summary>
internal static partial class AmazonIds
{
    public static bool IsItem(string id) => Item().IsMatch(id);

    public static bool IsUser(string id) => User().IsMatch(id);

    [GeneratedRegex("^(?:B[0-9A-Z]{9}|[0-9]{9}[0-9X])$", RegexOptions.CultureInvariant)]
    private static partial Regex Item();

    [GeneratedRegex("^A[0-9A-Z]{11,}$", RegexOptions.CultureInvariant)]
    private static partial Regex User();
}

/// <summary>Recognises files of items without a header.</summary>
internal static partial class HeaderlessItems
{
    private static readonly FileFormat?[] Formats = [null, FileFormat.Csv, FileFormat.Tsv, FileFormat.MovieLens, FileFormat.OnlineRetail];

    /// <summary>Columns of u.item: id, title, three of the release, nineteen genres.</summary>
    private const int WidthOfUItem = 24;

    /// <summary>Null where it is not certain that the first row is data and which of its columns is what.</summary>
    public static Headerless? Of(Sample sample, FileReading reading)
    {
        var movieLens = reading.Format == FileFormat.MovieLens;
        if (!Formats.Contains(reading.Format) || !IdsAreCertain(sample))
            return null;
        if (sample.Separator == Separator.Colons || (sample.Separator == Separator.Bar && (sample.Width == WidthOfUItem || movieLens)))
            return new(FileFormat.MovieLens, Columns(sample.Separator == Separator.Colons ? "genres" : null)) { Quoted = false };
        if (sample.Width == 2 && (movieLens || TitlesAreCertain(sample)))
            return new(reading.Format ?? (sample.Separator == Separator.Tab ? FileFormat.Tsv : FileFormat.Csv), Columns());
        return sample.Width == 3 && sample.Separator == Separator.Tab ? Three(sample, reading.Format) : null;
    }

    /// <summary>Id, title, original title of MovieLens; id, title, stock code of Online Retail.</summary>
    private static Headerless? Three(Sample sample, FileFormat? format)
    {
        var titlesAndDates = TitlesAreCertain(sample) && sample.Mostly(2, Dated().IsMatch);
        if (format == FileFormat.MovieLens || (format != FileFormat.OnlineRetail && titlesAndDates))
            return new(FileFormat.MovieLens, Columns());
        var titlesAndCodes = TitlesAreCertain(sample) && sample.Mostly(1, HasBlank, 0.5) && sample.Mostly(2, IsCode);
        return format == FileFormat.OnlineRetail || titlesAndCodes ? new(FileFormat.OnlineRetail, Columns("code")) : null;
    }

    /// <summary>The name of a column has no digit, other than those that tools make up, such as V1.</summary>
    internal static bool IsId(string text) => text.Any(char.IsAsciiDigit) && !HasBlank(text) && !MadeUp().IsMatch(text);

    /// <summary>Whether all ids but the first row's could be ids, or begin in another way than it does: <c>ean13</c> over digits.</summary>
    internal static bool MayBeHeader(Sample sample, int place)
        => sample.Rows.Count > 1 && sample.Rows.Skip(1).All(row => IsId(row[place]))
            && (!IsId(sample.Rows[0][place]) || IsWordOverDigits(sample, place));

    private static bool IsWordOverDigits(Sample sample, int place)
        => char.IsLetter(sample.Rows[0][place].Trim()[0]) && sample.Rows.Skip(1).All(row => row[place].Trim().All(char.IsAsciiDigit));

    private static bool IdsAreCertain(Sample sample)
        => IsId(sample.Rows[0][0].Trim()) && !MayBeHeader(sample, 0) && sample.Mostly(0, id => !HasBlank(id) && !HasSeparator(id))
            && sample.MostlyDiffer(0);

    /// <summary>Titles are words, and not those of a few categories; of two columns of codes either may be the ids.</summary>
    private static bool TitlesAreCertain(Sample sample)
        => sample.Mostly(1, title => title.Any(char.IsLetter), 0.5) && sample.MostlyDiffer(1) && !sample.Mostly(1, IsId);

    private static bool HasBlank(string text) => text.Any(char.IsWhiteSpace);

    /// <summary>The line is then cut by the wrong one.</summary>
    private static bool HasSeparator(string text)
        => Separator.All.Any(separator => text.Contains(separator.Text, StringComparison.Ordinal));

    private static bool IsCode(string text) => text.Length > 0 && !HasBlank(text);

    private static ColumnChoice Columns(string? third = null)
        => new(new Dictionary<ColumnRole, int> { [ColumnRole.Item] = 0, [ColumnRole.Title] = 1 }, null)
        {
            Attributes = third is null ? new Dictionary<int, string>() : new Dictionary<int, string> { [2] = third },
        };

    [GeneratedRegex(@"\((?:[0-9]{4}(?:-[0-9]{0,4})?|V)\)$|^$|^unknown$", RegexOptions.CultureInvariant)]
    private static partial Regex Dated();

    [GeneratedRegex("^(?:_?c|v|x|col|column|field|f|unnamed:?)_?[0-9]+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MadeUp();
}
