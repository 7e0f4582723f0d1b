using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.TestKit;

/// <summary>An embedded Kafka with the contract's topics, and an embedded Redis: a fixture for tests that need no more.</summary>
public sealed class EmbeddedServers : IDisposable
{
    public const int Partitions = 2;
    private readonly EmbeddedRedis redis = new();
    private int prefixes;

    public EmbeddedKafka Kafka { get; } = new();

    public string Bootstrap => Kafka.Bootstrap;

    public string Redis => redis.Connection;

    /// <summary>A namespace of its own with all topics made, so that tests on one fixture don't see each other.</summary>
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
