using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.TestKit;

/// <summary>Sends records to topics and reads all their records, as an external client.</summary>
public sealed class TopicProbe(string bootstrap) : IDisposable
{
    private readonly IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(
        new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 1, Partitioner = Partitioner.Murmur2Random }).Build();

    /// <summary>Sends one event under a key.</summary>
    public Task<DeliveryResult<byte[], byte[]>> SendAsync<T>(string topic, string key, T value)
        where T : class, IEvent => SendRawAsync(topic, key, EventJson.Write(value));

    public Task<DeliveryResult<byte[], byte[]>> SendRawAsync(string topic, string? key, byte[]? value, Headers? headers = null,
        int? partition = null) =>
        producer.ProduceAsync(
            new TopicPartition(topic, partition ?? Partition.Any),
            new Message<byte[], byte[]> { Key = key is null ? null! : Encoding.UTF8.GetBytes(key), Value = value!, Headers = headers });

    /// <summary>All current records of a topic, by partition and offset.</summary>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> Records(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrap,
                GroupId = "probe",
                EnableAutoCommit = false,
                EnablePartitionEof = true,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                FetchWaitMaxMs = 10
            }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions;
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        for (var ends = 0; ends < partitions.Count;)
        {
            var record =
                consumer.Consume(TimeSpan.FromSeconds(10))
                    ?? throw new TimeoutException($"{topic} on {bootstrap} did not come to its end within 10 s.");
            if (record.IsPartitionEOF)
                ends++;
            else
                records.Add(record);
        }
        consumer.Close();
        return [.. records.OrderBy(r => r.Partition.Value).ThenBy(r => r.Offset.Value)];
    }

    /// <summary>All current events of a topic.</summary>
    public IReadOnlyList<T> Events<T>(string topic)
        where T : class, IEvent => [.. Records(topic).Select(record => EventJson.Parse<T>(record.Message.Value))];

    public static string? Header(ConsumeResult<byte[], byte[]> record, string name) =>
        record.Message.Headers.TryGetLastBytes(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    public void Dispose()
    {
        producer.Flush(TimeSpan.FromSeconds(10));
        producer.Dispose();
    }
}
