using ILoRA.Streaming.Outcomes;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>Lines of <c>bench online</c> on one part of the events.</summary>
/// <param name="Events">Clicks tested, of all seeds.</param>
/// <param name="Lines">By name.</param>
/// <param name="Paired">The anchored line against each other one, by "anchored/NAME".</param>
internal sealed record OnlineReport(long Events, IReadOnlyDictionary<string, OnlineLine> Lines,
    IReadOnlyDictionary<string, OnlinePair> Paired)
{
    /// <summary>What pairs can be compared by.</summary>
    public static IReadOnlyDictionary<string, Func<TrialHits, HitRates>> Metrics { get; } =
        new Dictionary<string, Func<TrialHits, HitRates>>(StringComparer.Ordinal)
        {
            ["hr1"] = hits => hits.Hr1,
            ["hr10"] = hits => hits.Hr10,
            ["ndcg5"] = hits => hits.Ndcg5,
        };

    public static OnlineReport Of(TrialHits hits, OnlineTrialResult result, string metric)
    {
        var figures = Metrics.ToDictionary(entry => entry.Key, entry => entry.Value(hits).Report(), StringComparer.Ordinal);
        double? Rate(string name, string line) => Finite(figures[name].Lines[line].Rate);
        return new(
            hits.Hr1.Clicks,
            result.Methods.ToDictionary(line => line.Name,
                line => new OnlineLine(hits.Hr1.Clicks, Rate("hr1", line.Name), Rate("hr10", line.Name), Rate("ndcg5", line.Name),
                    result.Versions[line.Name])),
            result.Methods[0] != TrialMethod.Anchored
                ? new Dictionary<string, OnlinePair>()
                : figures[metric].Gains.ToDictionary(gain => $"{result.Methods[0].Name}/{gain.Key}",
                    gain => OnlinePair.Of(metric, gain.Value)));
    }

    internal static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 5) : null;
}

/// <param name="Events">Clicks tested.</param>
/// <param name="Hr1">How often the target was first among the candidates.</param>
/// <param name="Hr10">How often it was among the first ten of the whole catalogue.</param>
/// <param name="Ndcg5">Among the first five candidates, 1 / log2(1 + rank).</param>
/// <param name="Versions">Versions that went live in a run.</param>
internal sealed record OnlineLine(long Events, double? Hr1, double? Hr10, double? Ndcg5, int Versions);

/// <param name="Metric">What is compared.</param>
/// <param name="Relative">The relative gain; null where the other line has no hit.</param>
/// <param name="Interval">Its 95 % interval, users resampled; null likewise.</param>
internal sealed record OnlinePair(string Metric, double? Relative, double[]? Interval)
{
    public static OnlinePair Of(string metric, HitRate gain) => new(metric, OnlineReport.Finite(gain.Rate),
        double.IsFinite(gain.Low) && double.IsFinite(gain.High) ? [Math.Round(gain.Low, 5), Math.Round(gain.High, 5)] : null);
}
