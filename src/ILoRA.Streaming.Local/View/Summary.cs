using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Outcomes;

namespace ILoRA.Streaming.Local.View;

/// <summary>The document that is printed at the end with <c>--json</c>.</summary>
internal sealed record Summary
{
    public double Seconds { get; init; }
    public long Clicks { get; init; }
    public long Recommendations { get; init; }

    [JsonPropertyName("p50_ms")]
    public double? P50Ms { get; init; }

    [JsonPropertyName("p99_ms")]
    public double? P99Ms { get; init; }

    public int VersionsPublished { get; init; }
    public int VersionsServed { get; init; }

    [JsonPropertyName("freshness_p50_s")]
    public double? FreshnessP50S { get; init; }

    [JsonPropertyName("freshness_p99_s")]
    public double? FreshnessP99S { get; init; }

    public long DeadLetters { get; init; }

    [JsonPropertyName("hr10")]
    public required IReadOnlyDictionary<string, double> Hr10 { get; init; }

    [JsonPropertyName("hr10_interval")]
    public required IReadOnlyDictionary<string, double[]> Hr10Interval { get; init; }

    public double MemoryMb { get; init; }

    [JsonPropertyName("first_recommendation_s")]
    public double? FirstRecommendationS { get; init; }

    /// <summary>Clicks that HR@10 was measured on.</summary>
    [JsonPropertyName("hr10_clicks")]
    public long Hr10Clicks { get; init; }

    /// <summary>Relative gain of online over each other line on the same clicks, with its interval.</summary>
    [JsonPropertyName("hr10_gain")]
    public required IReadOnlyDictionary<string, GainOver> Hr10Gain { get; init; }

    public string IntervalMethod { get; } = "95 % bootstrap by user";

    [JsonPropertyName("end_to_end_p50_ms")]
    public double? EndToEndP50Ms { get; init; }

    [JsonPropertyName("end_to_end_p99_ms")]
    public double? EndToEndP99Ms { get; init; }

    public int Seed { get; init; }

    /// <summary>Share of the items that the first version knows.</summary>
    public double? ItemsKnown { get; init; }

    /// <summary>Share of the items of the first clicks that the first version knows.</summary>
    public double? ClickedKnown { get; init; }

    /// <summary>(online - line) / line.</summary>
    internal sealed record GainOver(double? Relative, double?[] Interval);

    public static Summary Of(Figures figures, int seed) => new()
    {
        Seconds = Math.Round(figures.Elapsed.TotalSeconds, 1),
        Clicks = figures.Clicks,
        Recommendations = figures.Recommendations,
        P50Ms = Milliseconds(figures.Latency.P50),
        P99Ms = Milliseconds(figures.Latency.P99),
        VersionsPublished = figures.VersionsPublished,
        VersionsServed = figures.VersionsServed,
        FreshnessP50S = Round(figures.Freshness.P50?.TotalSeconds),
        FreshnessP99S = Round(figures.Freshness.P99?.TotalSeconds),
        DeadLetters = figures.DeadLetters,
        Hr10 = figures.Hits.Lines.ToDictionary(line => line.Key, line => Math.Round(line.Value.Rate, 4)),
        Hr10Interval =
            figures.Hits.Lines.ToDictionary(line => line.Key, line => new[] { Finite(line.Value.Low) ?? 0, Finite(line.Value.High) ?? 1 }),
        MemoryMb = Math.Round(figures.MemoryMb),
        FirstRecommendationS = Round(figures.FirstRecommendation?.TotalSeconds),
        Hr10Clicks = figures.Hits.Clicks,
        Hr10Gain = figures.Hits.Gains.ToDictionary(line => line.Key, line => Gain(line.Value)),
        EndToEndP50Ms = Milliseconds(figures.EndToEnd.P50),
        EndToEndP99Ms = Milliseconds(figures.EndToEnd.P99),
        Seed = seed,
        ItemsKnown = Round(figures.Coverage?.ItemShare),
        ClickedKnown = Round(figures.Coverage?.ClickedShare),
    };

    public string ToJson() => JsonSerializer.Serialize(this, SummaryJson.Default.Summary);

    private static GainOver Gain(HitRate gain) => new(Finite(gain.Rate), [Finite(gain.Low), Finite(gain.High)]);

    private static double? Milliseconds(TimeSpan? time) => Round(time?.TotalMilliseconds);

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 2) : null;

    private static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Summary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
