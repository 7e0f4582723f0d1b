using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace ILoRA.Streaming.Telemetry;

/// <summary>The stream's meter and activity source; every instrument that more than one worker uses.</summary>
public static class StreamMetrics
{
    public const string Name = "ILoRA.Streaming";
    public static readonly ActivitySource Activities = new(Name);
    public static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Events = Meter.CreateCounter<long>("ilora.events", "{event}", "Records taken from Kafka");
    public static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>("ilora.dead_letters", "{event}", "Records put aside");
    public static readonly Histogram<double> BatchSeconds = Meter.CreateSeconds("ilora.batch.duration", "From poll to delivered");
    public static readonly Counter<long> Retries =
        Meter.CreateCounter<long>("ilora.retries", "{attempt}", "Attempts repeated because a dependency was down");

    public static readonly Gauge<int> DependencyUp = Meter.CreateGauge<int>(
        "ilora.dependency.up", "{server}", "1 while Kafka or Redis answers, else 0");

    private static readonly ConcurrentDictionary<(string Worker, TopicPartition Partition), long> Lags = new();

    static StreamMetrics() => Meter.CreateObservableGauge("ilora.lag", ObserveLag, "{event}", "Records behind the end of the partition");

    internal static void Lag(string worker, TopicPartition partition, long? records)
    {
        if (records is { } behind)
            Lags[(worker, partition)] = behind;
        else
            Lags.TryRemove((worker, partition), out _);
    }

    private static IEnumerable<Measurement<long>> ObserveLag() => Lags.Select(lag => new Measurement<long>(
        lag.Value, new("worker", lag.Key.Worker), new("topic", lag.Key.Partition.Topic),
        new("partition", lag.Key.Partition.Partition.Value)));
}
