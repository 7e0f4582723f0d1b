using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Local.Running;

/// <summary>The Kafka and the Redis of a run: given ones, or embedded ones that end with it.</summary>
internal sealed class LocalServers : IDisposable
{
    /// <summary>Enough to show that users are spread, few enough that the mock cluster stays cheap.</summary>
    public const int Partitions = 3;

    private readonly EmbeddedKafka? kafka;
    private readonly EmbeddedRedis? redis;

    private LocalServers(LocalSettings settings)
    {
        if (settings.Bootstrap is null)
            kafka = new EmbeddedKafka();
        if (settings.Redis is null)
            redis = new EmbeddedRedis();
        Bootstrap = settings.Bootstrap ?? kafka!.Bootstrap;
        Redis = settings.Redis ?? redis!.Connection;
    }

    public string Bootstrap { get; }

    public string Redis { get; }

    /// <summary>Whether the topics have to be created by administration requests, which the embedded Kafka does not know.</summary>
    public bool HasRealKafka => kafka is null;

    /// <summary>Creates the embedded Kafka's topics; a given one's are created by <see cref="TopicProvisioning"/>.</summary>
    public void CreateTopics(Topics topics)
    {
        foreach (var topic in topics.All(Partitions))
            kafka!.CreateTopic(topic.Name, topic.Partitions);
    }

    public static LocalServers Start(LocalSettings settings) => new(settings);

    public void Dispose()
    {
        redis?.Dispose();
        kafka?.Dispose();
    }
}
