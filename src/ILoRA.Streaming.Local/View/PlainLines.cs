using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Local.View;

/// <summary>The figures as lines for a log or a pipe.</summary>
internal static class PlainLines
{
    public static IEnumerable<string> Progress(Figures figures)
    {
        yield return string.Join("  ",
            Wording.Clock(figures.Elapsed),
            $"clicks {Wording.Number(figures.Clicks)} ({Wording.PerSecond(figures.ClicksPerSecond)})",
            $"recommendations {Wording.Number(figures.Recommendations)} "
                + $"({Wording.PerSecond(figures.RecommendationsPerSecond)}; {Wording.Milliseconds(figures.Latency)})",
            $"versions {figures.VersionsPublished} published, {figures.VersionsServed} served",
            $"fresh {Wording.Seconds(figures.Freshness)}",
            $"HR@10 {string.Join(' ', figures.Hits.Lines.Select(line => $"{line.Key} {Wording.Rate(line.Value)}"))}",
            $"{Wording.Number(figures.MemoryMb)} MB");
        foreach (var example in figures.Examples.Take(1))
            yield return $"       {example.User}: {Wording.Titles(example.History)} -> {Wording.Titles(example.Top)}";
    }

    public static IEnumerable<string> Summary(Figures figures)
    {
        yield return $"{Wording.Clock(figures.Elapsed)} ran; {Wording.Number(figures.Clicks)} "
            + $"clicks, {Wording.Number(figures.Recommendations)} recommendations, {Wording.Number(figures.DeadLetters)} dead letters";
        yield return $"first recommendation after {Wording.Seconds(figures.FirstRecommendation)}; "
            + $"memory {Wording.Number(figures.MemoryMb)} MB";
        yield return $"sequence to recommendation {Wording.Milliseconds(figures.Latency)}; click to "
            + $"recommendation {Wording.Milliseconds(figures.EndToEnd)}";
        yield return $"{figures.VersionsPublished} versions published, {figures.VersionsServed} served; click to a version that knows "
            + $"it {Wording.Seconds(figures.Freshness)}";
        if (figures.Coverage?.Warning("the first version") is { } warning)
            yield return $"warning: {warning}";
        yield return $"HR@10 on {Wording.Number(figures.Hits.Clicks)} clicks (95 % bootstrap by user):";
        foreach (var (line, rate) in figures.Hits.Lines)
            yield return $"  {line,-8} {Wording.Rate(rate)} [{Wording.Interval(rate)}]{Against(figures.Hits, line)}";
    }

    private static string Against(HitRateReport report, string line) => report.Gains.TryGetValue(line, out var gain)
        ? $"  {report.Lines.Keys.First()} against it {Wording.Gain(gain)}"
        : "";
}
