using Confluent.Kafka;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Local.Watching;

/// <summary>Reads topics without a group, in batches, from a moment on.</summary>
internal sealed class TopicTail : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100), FetchWait = TimeSpan.FromMilliseconds(20);
    private const int MaxBatch = 5_000;
    private readonly IConsumer<byte[], byte[]> consumer;

    /// <param name="options">Where the brokers are.</param>
    /// <param name="fromStart">Topics read from their first record.</param>
    /// <param name="fromNow">Topics read from their present end.</param>
    public TopicTail(KafkaOptions options, IEnumerable<string> fromStart, IEnumerable<string> fromNow)
    {
        var config = options.Reader(FetchWait);
        config.EnablePartitionEof = false;
        consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        try
        {
            consumer.Assign([
                .. Partitions(options, fromStart).Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)),
                .. Partitions(options, fromNow)
                    .Select(partition => new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, Limit).High)),
            ]);
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }

    /// <summary>What has come, at most for a moment; empty when nothing has.</summary>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> Poll()
    {
        var records = new List<ConsumeResult<byte[], byte[]>>();
        for (var record = consumer.Consume(Idle); record is not null && records.Count < MaxBatch; record = consumer.Consume(TimeSpan.Zero))
            records.Add(record);
        return records;
    }

    public void Dispose()
    {
        consumer.Close();
        consumer.Dispose();
    }

    private IEnumerable<TopicPartition> Partitions(KafkaOptions options, IEnumerable<string> topics) =>
        topics.SelectMany(topic => TopicPartitions.Of(consumer, topic, options));
}
