using System.Collections.Concurrent;
using Confluent.Kafka;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Ingest;

/// <summary>Where this process stands in each partition of <c>clicks</c> that it was assigned.</summary>
public sealed class IngestPartitions(SequenceStore store, DependencyRetry retry, ILogger<IngestPartitions> logger)
{
    // Less than a stop may take, which has to wait for these calls.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<TopicPartition, State> partitions = new();

    /// <summary>The log's incarnation, which grows when the topic was made anew (<see cref="LogPosition"/>).</summary>
    public int Epoch(TopicPartition partition) => partitions[partition].Epoch;

    /// <summary>Clicks before this offset are applied again to rebuild the store; what they led to was emitted long ago.</summary>
    public long EmitFrom(TopicPartition partition) => partitions[partition].EmitFrom;

    /// <summary>What applying a batch changes, by its next offsets.</summary>
    public ProgressStep[] Steps(IReadOnlyDictionary<TopicPartition, Offset> next) =>
        [.. next.Select(end => new ProgressStep(end.Key, partitions[end.Key].Epoch, partitions[end.Key].Applied, end.Value))];

    /// <summary>The batch of these steps is in the store.</summary>
    public void Applied(IEnumerable<ProgressStep> steps)
    {
        foreach (var step in steps)
            partitions[step.Partition] = partitions[step.Partition] with { Applied = Math.Max(step.Next, step.Expected) };
    }

    /// <summary>
    /// Reads on at the commit, or earlier where the store has lost what was applied. Runs in the rebalance on the polling thread, hence
    /// synchronous.
    /// </summary>
    public List<TopicPartitionOffset> StartAt(
        IConsumer<byte[], byte[]> consumer, IReadOnlyList<TopicPartition> assigned, CancellationToken stop)
    {
        var committed = Retried(() => Task.FromResult(consumer.Committed(assigned, Limit)), stop)
            .ToDictionary(c => c.TopicPartition, c => c.Offset);
        var starts = new List<TopicPartitionOffset>(assigned.Count);
        foreach (var partition in assigned)
        {
            var log = Retried(() => Task.FromResult(consumer.QueryWatermarkOffsets(partition, Limit)), stop);
            long? commit = committed.TryGetValue(partition, out var offset) && !offset.IsSpecial ? offset.Value : null;
            var start = Retried(() => ResumeAsync(partition, commit, log), stop);
            partitions[partition] = new(start.Progress.Epoch, start.Progress.Next, start.EmitFrom);
            starts.Add(new(partition, start.Start));
        }
        return starts;
    }

    private T Retried<T>(Func<Task<T>> call, CancellationToken stop) => retry.RunAsync(_ => call(), stop).GetAwaiter().GetResult();

    private async Task<ResumePoint> ResumeAsync(TopicPartition partition, long? committed, WatermarkOffsets log)
    {
        var stored = await store.ProgressAsync(partition);
        var resume = Progress.Resume(committed, stored, log.Low, log.High);
        if (resume.Progress != stored)
            await store.StartAsync(partition, resume.Progress);
        if (resume.Lost)
            IngestLog.Rebuilds(logger, partition.Topic, partition.Partition.Value, resume.Start, resume.EmitFrom);
        else
            IngestLog.Starts(logger, partition.Topic, partition.Partition.Value, resume.Start, resume.Progress.Epoch);
        return resume;
    }

    private sealed record State(int Epoch, long Applied, long EmitFrom);
}
