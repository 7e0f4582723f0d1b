using Confluent.Kafka;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Makes the consumers of this process's workers and the readers of their records; a worker is known by the name of its group.
/// </summary>
public sealed class ConsumerGroups(
    IOptions<KafkaOptions> options, TopicGuard guard, DeadLetters deadLetters, WorkerHealth health, ILogger<BatchConsumer> logger)
{
    public Topics Topics => options.Value.Topics;

    /// <summary>Ends when the topics are as they must be, which is before any consumer may run.</summary>
    public Task TopicsReady => guard.Passed;

    /// <summary>Reports why the worker cannot serve yet; null takes it back.</summary>
    public void Waiting(string group, string? reason) => health.Waiting(group, reason);

    /// <param name="group">The worker.</param>
    /// <param name="topics">What it reads.</param>
    /// <param name="handle">Ends when everything that the batch leads to is delivered.</param>
    /// <param name="startAt">Where to start a newly assigned partition, by default at the committed offset.</param>
    public BatchConsumer Consumer(
        string group, IReadOnlyList<string> topics, Func<ConsumedBatch, CancellationToken, Task> handle,
        Func<IConsumer<byte[], byte[]>, IReadOnlyList<TopicPartition>, IEnumerable<TopicPartitionOffset>>? startAt = null) =>
        new(options.Value, group, topics, handle, health, logger) { StartAt = startAt };

    /// <param name="group">The worker, as its dead letters name it.</param>
    /// <param name="read">Makes a record what the worker handles, or throws a <see cref="Json.PoisonException"/>.</param>
    /// <param name="putsAside">Whether an unreadable record becomes a dead letter, by default always.</param>
    public RecordReader<T> Reader<T>(
        string group, Func<ConsumeResult<byte[], byte[]>, T> read, Func<ConsumeResult<byte[], byte[]>, bool>? putsAside = null) =>
        new(read, deadLetters, group, putsAside);
}
