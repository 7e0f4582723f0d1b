using System.Runtime.CompilerServices;
using Confluent.Kafka;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>Reads a topic without joining a group.</summary>
internal sealed class TopicReader(KafkaOptions kafka) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private readonly IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(kafka.Reader()).SetLogHandler((_, _) => { }).Build();

    /// <summary>What the topic holds now, from <paramref name="start"/> (default: its beginning) up to its present end.</summary>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> ReadToEnd(string topic, Func<TopicPartition, Offset>? start = null, CancellationToken cancellation = default)
    {
        var records = new List<ConsumeResult<byte[], byte[]>>();
        var open = new HashSet<TopicPartition>();
        foreach (var partition in PartitionsOf(topic))
            if (consumer.QueryWatermarkOffsets(partition, Limit) is var marks && marks.High > marks.Low)
                open.Add(partition);
        consumer.Assign(open.Select(partition => new TopicPartitionOffset(partition, start?.Invoke(partition) ?? Offset.Beginning)));
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (consumer.Consume(Poll) is not { } read)
                continue;
            if (read.IsPartitionEOF)
                open.Remove(read.TopicPartition);
            else
                records.Add(read);
        }
        return records;
    }

    /// <summary>What arrives from now on, for ever.</summary>
    public async IAsyncEnumerable<ConsumeResult<byte[], byte[]>> FollowAsync(string topic, [EnumeratorCancellation] CancellationToken cancellation)
    {
        consumer.Assign(PartitionsOf(topic).Select(partition => new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, Limit).High)));
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = await Task.Run(() => consumer.Consume(Poll), CancellationToken.None);
            if (read is { IsPartitionEOF: false })
                yield return read;
        }
    }

    public void Dispose() => consumer.Dispose();

    private IReadOnlyList<TopicPartition> PartitionsOf(string topic) => TopicPartitions.Of(consumer, topic, kafka);
}
