using System.Diagnostics.Metrics;

namespace ILoRA.Streaming.Telemetry;

/// <summary>Makes histograms of seconds.</summary>
public static class SecondsHistogram
{
    // The SDK's own buckets are meant for milliseconds. They travel with the instrument: a view would be asked while the class that
    // holds the instrument is still being initialised.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    /// <summary>A histogram with unit <c>s</c> and buckets from a millisecond to five minutes.</summary>
    public static Histogram<double> CreateSeconds(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Buckets);
}
