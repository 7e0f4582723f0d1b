using Confluent.Kafka;

namespace ILoRA.Streaming.Kafka;

/// <summary>Records polled together, in order within each partition.</summary>
public sealed class ConsumedBatch(IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
{
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> Records { get; } = records;

    /// <summary>For each partition the offset to commit when the batch is done.</summary>
    public IReadOnlyDictionary<TopicPartition, Offset> Next { get; } = NextOffsets(records);

    private static Dictionary<TopicPartition, Offset> NextOffsets(IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
    {
        var next = new Dictionary<TopicPartition, Offset>();
        foreach (var record in records)
            next[record.TopicPartition] = record.Offset + 1;   // Kafka stores the next offset, hence + 1.
        return next;
    }
}
