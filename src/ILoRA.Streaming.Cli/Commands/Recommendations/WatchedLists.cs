using System.Globalization;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Recommendations;

/// <summary>The newest lists as a picture for a terminal: each user's last one, or the last ones of one user.</summary>
/// <param name="ofOneUser">Whether all are one user's.</param>
/// <param name="top">Items shown of each.</param>
/// <param name="time">For the pace.</param>
internal sealed class WatchedLists(bool ofOneUser, int top, TimeProvider time)
{
    private const int MostKept = 200;
    private const int LinesAround = 5;
    private const int LinesOfMaker = 3;
    private const int ScoreWidth = 10;
    private const int LeastTitle = 12;
    // Of the time and of the borders.
    private const int ColumnsAround = 22;
    private readonly Lock gate = new();
    private readonly long begun = time.GetTimestamp();
    private readonly List<RecommendationEvent> newest = [];
    private long count;

    public void Add(RecommendationEvent made)
    {
        lock (gate)
        {
            count++;
            if (!ofOneUser)
                newest.RemoveAll(other => other.User == made.User);
            newest.Insert(0, made);
            if (newest.Count > MostKept)
                newest.RemoveAt(MostKept);
        }
    }

    /// <param name="catalogue">Gives the titles; an item without one stands as its id.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Its lines.</param>
    public IRenderable Draw(Catalogue catalogue, int width, int height)
    {
        RecommendationEvent[] shown;
        lock (gate)
            shown = [.. newest.Take(Math.Max(1, (height - LinesAround) / (Math.Max(top, LinesOfMaker) + 1)))];
        var table = new Table().Border(TableBorder.Simple).ShowRowSeparators();
        foreach (var column in (string[])["time", "user", "version, arm", "score and item"])
            table.AddColumn(new TableColumn(column).NoWrap());
        var left =
            width - ColumnsAround - ScoreWidth - Widest("user", shown, made => made.User.Value)
                - Widest("version, arm", shown, made => made.Version.Value, made => made.Arm.Value, Why);
        foreach (var made in shown)
            table.AddRow(new Text(made.Time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)), new Text(made.User.Value), Maker(made),
                Items(made, catalogue, Math.Max(LeastTitle, left)));
        return new Rows(
            shown.Length == 0 ? new Markup("[dim]waiting for the first new one; --from-beginning shows those that are kept[/]") : table,
            new Markup(Pace()));
    }

    private static Rows Maker(RecommendationEvent made)
    {
        var lines = new List<IRenderable> { new Text(made.Version.Value), new Markup($"[dim]{Markup.Escape(made.Arm.Value)}[/]") };
        if (made.Fallback is not null)
            lines.Add(new Markup($"[yellow]{Why(made)}[/]"));
        return new Rows(lines);
    }

    private static string Why(RecommendationEvent made) => made.Fallback is { } why ? $"fallback: {why.ToString().ToLowerInvariant()}" : "";

    private Rows Items(RecommendationEvent made, Catalogue catalogue, int width) => new(made.Items.Take(top).Select(ranked =>
        new Markup(
            string.Create(CultureInfo.InvariantCulture,
                $"[dim]{ranked.Score,8:0.00}[/]  "
                    + $"[aqua]{Markup.Escape(Cut(catalogue.TitleOf(ranked.Item) ?? ranked.Item.Value, width))}[/]"))));

    private static string Cut(string title, int width) => title.Length <= width ? title : title[..(width - 1)] + "…";

    private static int Widest(string heading, RecommendationEvent[] shown, params Func<RecommendationEvent, string>[] texts) =>
        shown.SelectMany(made => texts.Select(text => text(made).Length)).Append(heading.Length).Max();

    private string Pace() =>
        string.Create(CultureInfo.InvariantCulture,
            $"[dim]{count:N0} recommendations, {count / Math.Max(1, time.GetElapsedTime(begun).TotalSeconds):0.0} a second    Ctrl-C "
                + $"ends[/]");
}
