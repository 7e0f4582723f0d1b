using System.Globalization;
using System.IO.Compression;
using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Lines;

namespace ILoRA.Streaming.Local.Sample;

/// <summary>A period of Online Retail, cut in time: what the shipped model was fitted on, and what the demo streams.</summary>
/// <param name="Start">First moment of the part that is fitted on.</param>
/// <param name="Cut">First moment of the part that is streamed.</param>
/// <param name="End">First moment after it.</param>
/// <param name="OneIn">Every so many-th customer by number: fewer customers over more time, so that seasons and new items come by.</param>
internal sealed record OnlineRetailSample(DateTimeOffset Start, DateTimeOffset Cut, DateTimeOffset End, int OneIn)
{
    public const string FitFile = "fit.tsv.gz";
    public const string ClicksFile = "clicks.tsv.gz";
    public const string ItemsFile = "items.tsv";

    private static readonly FileReading Retail = new() { Format = FileFormat.OnlineRetail };
    private static readonly TimeSpan Opens = TimeSpan.FromHours(8);
    private static readonly TimeSpan Open = TimeSpan.FromHours(10);

    /// <summary>The sample that is shipped.</summary>
    public static OnlineRetailSample Shipped { get; } = new(Day(2010, 12, 1), Day(2011, 1, 24), Day(2012, 1, 1), 4);

    /// <summary>What was written.</summary>
    internal sealed record Counts(int FitClicks, int StreamedClicks, int Items, int Users);

    /// <summary>
    /// Reads <c>events.tsv</c> and <c>items.tsv</c> in <paramref name="from"/>; writes the three files of the sample into
    /// <paramref name="to"/>.
    /// </summary>
    public Counts Write(string from, string to)
    {
        var items = ItemFile.Read(Path.Combine(from, "items.tsv"), Retail).ToDictionary(line => line.Item, StringComparer.Ordinal);
        var clicks = Spread(ClickFile.Read(Path.Combine(from, "events.tsv"), Retail)
            .Where(click => click.Time >= Start && click.Time < End && int.Parse(click.User, CultureInfo.InvariantCulture) % OneIn == 0)
            .Select(click => click with { Item = StockCode(items[click.Item]) }));
        var fit = clicks.Where(click => click.Time < Cut).ToArray();
        var streamed = clicks.Where(click => click.Time >= Cut).ToArray();
        Directory.CreateDirectory(to);
        WriteClicks(Path.Combine(to, FitFile), fit);
        WriteClicks(Path.Combine(to, ClicksFile), streamed);
        var named =
            WriteItems(Path.Combine(to, ItemsFile), items.Values, clicks.Select(click => click.Item).ToHashSet(StringComparer.Ordinal));
        return new Counts(fit.Length, streamed.Length, named, clicks.Select(click => click.User).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>
    /// An invoice stamps all its lines with one moment, so that a replay would have one customer click twenty times at once. Here a
    /// customer's lines of a day stand evenly between eight and eighteen o'clock, in their order: customers take turns, as they do in a
    /// shop.
    /// </summary>
    private static ClickLine[] Spread(IEnumerable<ClickLine> clicks) =>
        [.. clicks.GroupBy(click => (Day: click.Time.UtcDateTime.Date, click.User))
            .SelectMany(day =>
            {
                var lines = day.ToArray();
                return lines.Select(
                    (click, at) =>
                        click with { Time = new DateTimeOffset(day.Key.Day, TimeSpan.Zero) + Opens + Open * ((at + 0.5) / lines.Length) });
            })
            .OrderBy(click => click.Time).ThenBy(click => click.User, StringComparer.Ordinal)];

    private static string StockCode(ItemLine item) => item.Attributes?.GetValueOrDefault("code")
        ?? throw new InvalidDataException($"items.tsv:{item.Line}: item {item.Item} has no stock code (column 3).");

    private static void WriteClicks(string path, IEnumerable<ClickLine> clicks)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.SmallestSize), new UTF8Encoding(false));
        writer.Write("user\titem\ttime\n");
        foreach (var click in clicks)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{click.User}\t{click.Item}\t{click.Time.ToUnixTimeSeconds()}\n"));
    }

    /// <summary>By stock code, so that the order of the file says nothing about popularity or time.</summary>
    private static int WriteItems(string path, IEnumerable<ItemLine> items, HashSet<string> used)
    {
        using var writer = new StreamWriter(File.Create(path), new UTF8Encoding(false));
        var lines = items.Select(item => (Code: StockCode(item), item.Title))
            .Where(item => used.Contains(item.Code)).OrderBy(item => item.Code, StringComparer.Ordinal).ToArray();
        foreach (var (code, title) in lines)
            writer.Write($"{code}\t{title}\n");
        return lines.Length;
    }

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
