using Confluent.Kafka;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Redis;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>Topics and keys in a namespace of their own on the given servers, removed at the end.</summary>
internal sealed class BenchCluster(KafkaOptions given, RedisOptions redis) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly string name = $"ilora-bench-{Guid.NewGuid():N}"[..20];

    public KafkaOptions Kafka { get; } = given;
    public StreamNamespace Namespace => new($"{name}.");
    public int Partitions => Kafka.Partitions ?? Topics.DefaultPartitions;

    /// <summary>The given Redis, with keys in this namespace.</summary>
    public RedisOptions KeysHere() => new() { Connection = redis.Connection, Namespace = Namespace };

    public async Task CreateTopicsAsync()
    {
        Kafka.Namespace = Namespace;
        await new TopicProvisioning(Options.Create(Kafka)).CreateAsync();
    }

    public async Task FillAsync(string topic, int count, Func<(byte[] Key, byte[] Value)> next)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(Kafka.Producer()).Build();
        Error? failed = null;
        for (var sent = 0; sent < count; sent++)
        {
            var (key, value) = next();
            producer.Produce(topic, new Message<byte[], byte[]> { Key = key, Value = value },
                report => failed = report.Error.IsError ? report.Error : failed);
        }
        await Task.Run(() => producer.Flush(TimeSpan.FromMinutes(2)));
        if (failed is not null)
            throw new KafkaException(failed);
    }

    /// <summary>How many records a topic holds.</summary>
    public static long Count(IConsumer<byte[], byte[]> reader, string topic, int partitions)
        => Enumerable.Range(0, partitions).Select(partition => reader.QueryWatermarkOffsets(new TopicPartition(topic, partition), Limit))
            .Sum(marks => marks.High.Value - marks.Low.Value);

    public async ValueTask DisposeAsync()
    {
        using var admin = new AdminClientBuilder(Kafka.Admin()).Build();
        await admin.DeleteTopicsAsync(Kafka.Topics.All(1).Select(topic => topic.Name));
        await RemoveKeysAsync();
    }

    public async Task RemoveKeysAsync()
    {
        using var connection = redis.Connect();
        var server = connection.GetServers()[0];
        await foreach (var keys in server.KeysAsync(pattern: $"{KeysHere().KeyPrefix}*", pageSize: 1000).Chunk(1000))
            await connection.GetDatabase().KeyDeleteAsync(keys);
    }
}
