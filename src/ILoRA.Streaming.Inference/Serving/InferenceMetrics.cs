using System.Diagnostics.Metrics;
using ILoRA.Streaming.Telemetry;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>The metric instruments of the inference worker.</summary>
internal static class InferenceMetrics
{
    public static readonly Counter<long> Recommendations =
        StreamMetrics.Meter.CreateCounter<long>("ilora.recommendations", "{recommendation}", "Recommendations sent, by arm and fallback");
    public static readonly Counter<long> Coalesced =
        StreamMetrics.Meter.CreateCounter<long>("ilora.coalesced", "{event}",
            "Sequences left unscored because the same batch held a newer one of the user");
    public static readonly Counter<long> Refused =
        StreamMetrics.Meter.CreateCounter<long>("ilora.versions.refused", "{version}", "Snapshots that failed verification");
    public static readonly Gauge<int> Pending = StreamMetrics.Meter.CreateGauge<int>(
        "ilora.plan.pending", "{plan}", "1 while a plan was applied that this worker does not serve, else 0");
    public static readonly Gauge<double> Known = StreamMetrics.Meter.CreateGauge<double>(
        "ilora.version.known", "1", "Share of the catalogue's and of the recently clicked items that the arm's version knows");
    public static readonly Histogram<double> QueueSeconds = StreamMetrics.Meter.CreateSeconds(
        "ilora.recommendation.queue", "From the sequence event's arrival to the start of its scoring");
    public static readonly Histogram<double> ScoreSeconds = StreamMetrics.Meter.CreateSeconds(
        "ilora.recommendation.score", "Retrieval and scoring of one recommendation");
}
