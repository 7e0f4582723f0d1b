using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.TestKit;

/// <summary>A test fixture with an embedded Kafka and an embedded Redis.</summary>
public sealed class EmbeddedServers : IDisposable
{
    public const int Partitions = 2;
    private readonly EmbeddedRedis redis = new();
    private int prefixes;

    public EmbeddedKafka Kafka { get; } = new();

    public string Bootstrap => Kafka.Bootstrap;

    public string Redis => redis.Connection;

    /// <summary>Creates all topics in a new namespace, so that tests that share the fixture are isolated.</summary>
    public string NewPrefix()
    {
        var prefix = $"t{Interlocked.Increment(ref prefixes)}.";
        foreach (var topic in new Topics(prefix).All(Partitions))
            Kafka.CreateTopic(topic.Name, topic.Partitions);
        return prefix;
    }

    public void Dispose()
    {
        redis.Dispose();
        Kafka.Dispose();
    }
}
