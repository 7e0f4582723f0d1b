using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Local.View;

/// <summary>Renders the figures as a dashboard for a terminal.</summary>
internal static class Dashboard
{
    private const int BarWidth = 24;

    public static IRenderable Draw(Figures figures) => new Rows(
        new Panel(Stream(figures)).Header($" ILoRA.Streaming  {Wording.Clock(figures.Elapsed)} ").Expand(),
        new Panel(Hits(figures)).Header($" HR@10 on {Wording.Number(figures.Hits.Clicks)} clicks, each tested before it was learned from ")
            .Expand(),
        new Panel(Examples(figures)).Header(" Recommendations ").Expand(),
        new Markup($"[dim]kcat -b {Markup.Escape(figures.Bootstrap)} -t recommendations    Ctrl-C ends with a summary[/]"));

    private static Grid Stream(Figures figures)
    {
        var grid = new Grid().AddColumns(4);
        grid.AddRow("[dim]clicks[/]", $"{Wording.Number(figures.Clicks)}  {Wording.PerSecond(figures.ClicksPerSecond)}",
            "[dim]sequence to recommendation[/]", Wording.Milliseconds(figures.Latency));
        grid.AddRow("[dim]recommendations[/]",
            $"{Wording.Number(figures.Recommendations)}  {Wording.PerSecond(figures.RecommendationsPerSecond)}",
            "[dim]click to recommendation[/]", Wording.Milliseconds(figures.EndToEnd));
        grid.AddRow("[dim]versions[/]",
            Markup.Escape($"{figures.VersionsPublished} published, {figures.VersionsServed} served, now {figures.Serving ?? "-"}"),
            "[dim]click to a version that knows it[/]", Wording.Seconds(figures.Freshness));
        grid.AddRow("[dim]memory[/]", $"{Wording.Number(figures.MemoryMb)} MB", "[dim]dead letters[/]",
            Wording.Number(figures.DeadLetters));
        return grid;
    }

    private static Table Hits(Figures figures)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("line", "HR@10", "95 % by user", "", "online against it");
        var best = figures.Hits.Lines.Values.Select(rate => rate.Rate).DefaultIfEmpty(0).Max();
        foreach (var (line, rate) in figures.Hits.Lines)
        {
            var bar = best > 0 ? (int)Math.Round(BarWidth * rate.Rate / best) : 0;
            var gain = figures.Hits.Gains.TryGetValue(line, out var paired) ? Wording.Gain(paired) : "";
            table.AddRow(line, Wording.Rate(rate), Wording.Interval(rate), $"[green]{new string('█', bar)}[/]", Markup.Escape(gain));
        }
        return table;
    }

    private static Rows Examples(Figures figures) => new(figures.Examples.Count == 0
        ? [new Markup("[dim]waiting for the first[/]")]
        : figures.Examples.SelectMany(example => new IRenderable[]
        {
            new Markup(
                $"[dim]{Markup.Escape(example.User)} chose[/] {Markup.Escape(Wording.Titles(example.History))}") { Overflow =
                    Overflow.Ellipsis },
            new Markup($"[dim]  and is shown[/] [aqua]{Markup.Escape(Wording.Titles(example.Top))}[/]") { Overflow = Overflow.Ellipsis },
        }));
}
