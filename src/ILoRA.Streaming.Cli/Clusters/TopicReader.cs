using System.Runtime.CompilerServices;
using Confluent.Kafka;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>Reads a topic without joining a group.</summary>
internal sealed class TopicReader(KafkaOptions kafka) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private readonly IConsumer<byte[], byte[]> consumer =
        new ConsumerBuilder<byte[], byte[]>(kafka.Reader()).SetLogHandler((_, _) => { }).Build();

    /// <summary>Whether the topic exists.</summary>
    public bool Has(string topic) => TopicPartitions.Find(consumer, topic).Count > 0;

    /// <summary>What the topic holds now, from <paramref name="start"/> (default: its beginning) up to its present end.</summary>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> ReadToEnd(string topic, Func<TopicPartition, Offset>? start = null,
        CancellationToken cancellation = default)
    {
        var starts = new List<TopicPartitionOffset>();
        foreach (var partition in PartitionsOf(topic))
            if (consumer.QueryWatermarkOffsets(partition, Limit) is var marks && marks.High > marks.Low)
                starts.Add(new(partition, start?.Invoke(partition) ?? Offset.Beginning));
        return Read(starts, null, cancellation);
    }

    /// <summary>The topic's last records, about <paramref name="count"/> over all partitions; none where it does not exist.</summary>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> ReadTail(
        string topic, long count, IProgress<long> progress, CancellationToken cancellation)
    {
        if (TopicPartitions.Find(consumer, topic) is not { Count: > 0 } partitions)
            return [];
        var starts = new List<TopicPartitionOffset>();
        foreach (var partition in partitions)
            if (consumer.QueryWatermarkOffsets(partition, Limit) is var marks && marks.High > marks.Low)
                starts.Add(new(partition, Math.Max(marks.Low, marks.High - Math.Max(1, count / partitions.Count))));
        return Read(starts, progress, cancellation);
    }

    private List<ConsumeResult<byte[], byte[]>> Read(
        IReadOnlyCollection<TopicPartitionOffset> starts, IProgress<long>? progress, CancellationToken cancellation)
    {
        var records = new List<ConsumeResult<byte[], byte[]>>();
        var open = starts.Select(start => start.TopicPartition).ToHashSet();
        consumer.Assign(starts);
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if (consumer.Consume(Poll) is not { } read)
                continue;
            if (read.IsPartitionEOF)
                open.Remove(read.TopicPartition);
            else
                records.Add(read);
            progress?.Report(records.Count);
        }
        return records;
    }

    /// <summary>What arrives from now on, for ever.</summary>
    public async IAsyncEnumerable<ConsumeResult<byte[], byte[]>> FollowAsync(string topic,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        consumer.Assign(
            PartitionsOf(topic)
                .Select(partition => new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, Limit).High)));
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
