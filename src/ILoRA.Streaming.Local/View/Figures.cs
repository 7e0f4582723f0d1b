using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Local.View;

/// <summary>One moment of the run, as it is shown and summed up.</summary>
internal sealed record Figures
{
    public TimeSpan Elapsed { get; init; }
    public long Clicks { get; init; }
    public long Recommendations { get; init; }

    /// <summary>Over the last few seconds.</summary>
    public double ClicksPerSecond { get; init; }

    public double RecommendationsPerSecond { get; init; }

    /// <summary>From the arrival of a sequence event to its recommendation.</summary>
    public required Spread Latency { get; init; }

    /// <summary>From a click's production to its recommendation's.</summary>
    public required Spread EndToEnd { get; init; }

    /// <summary>From a click to the first recommendation by a version that learned from it.</summary>
    public required Spread Freshness { get; init; }

    public int VersionsPublished { get; init; }
    public int VersionsServed { get; init; }
    public string? Serving { get; init; }
    public required HitRateReport Hits { get; init; }
    public IReadOnlyList<Example> Examples { get; init; } = [];
    public long DeadLetters { get; init; }
    public double MemoryMb { get; init; }

    /// <summary>From the start of the process.</summary>
    public TimeSpan? FirstRecommendation { get; init; }

    public required string Bootstrap { get; init; }

    /// <summary>How much of the items and of the first clicks the version knows that the run began with; null before it is known.</summary>
    public VersionCoverage? Coverage { get; init; }
}

/// <summary>Median and 99th percentile; null before anything was measured.</summary>
internal sealed record Spread(TimeSpan? P50, TimeSpan? P99)
{
    public static Spread Of(Quantiles quantiles) => new(quantiles.Of(.5), quantiles.Of(.99));
}

/// <summary>A recommendation that people can read.</summary>
internal sealed record Example(string User, IReadOnlyList<string> History, IReadOnlyList<string> Top);
