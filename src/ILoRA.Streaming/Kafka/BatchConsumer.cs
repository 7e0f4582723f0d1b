using Confluent.Kafka;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Poll, handle, await the deliveries, store the offsets; the client commits stored offsets in the background. At least once: the handler's
/// task must end only when everything it sent is delivered. Up to <see cref="KafkaOptions.MaxInFlight"/> handlers run at once, started in
/// order; offsets are stored in that order. A handler that fails ends <see cref="RunAsync"/> with its exception and nothing of its batch is
/// committed.
/// </summary>
public sealed class BatchConsumer(
    KafkaOptions options, string group, IReadOnlyList<string> topics, Func<ConsumedBatch, CancellationToken, Task> handle,
    WorkerHealth health, ILogger<BatchConsumer> logger)
{
    // A pause throws away what was fetched ahead, so only a batch that waits for a dependency brings one.
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(5), IdlePoll = TimeSpan.FromMilliseconds(100);

    // With the exit from the group less than a stop may take. Only native work, which nothing interrupts, keeps a handler for AbortTime.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10), AbortTime = TimeSpan.FromSeconds(30);
    private readonly KafkaClientEvents events = new(health.Dependencies.Kafka, logger);
    private readonly Queue<InFlight> inFlight = new();
    private readonly HashSet<TopicPartition> assigned = [];
    private List<ConsumeResult<byte[], byte[]>> gathered = [];
    private bool paused;

    /// <summary>Where to start a newly assigned partition (default: at the committed offset). Runs on the polling thread.</summary>
    public Func<IConsumer<byte[], byte[]>, IReadOnlyList<TopicPartition>, IEnumerable<TopicPartitionOffset>>? StartAt { get; init; }

    /// <summary>Runs until <paramref name="stop"/>, then finishes and commits what it holds.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.Factory.StartNew(() => Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        using var abort = new CancellationTokenSource();
        using var consumer = Build();
        consumer.Subscribe(topics);
        try
        {
            while (!stop.IsCancellationRequested)
                Step(consumer, abort.Token);
            Drain(consumer);
            Settle(consumer);
        }
        finally
        {
            abort.Cancel();
            // Handlers use clients and sessions of their owner, which are disposed once this has ended.
            Finished([.. inFlight.Select(b => b.Done)], AbortTime);
            GroupExit.Leave(consumer, group, topics[0], logger);
        }
    }

    private void Step(IConsumer<byte[], byte[]> consumer, CancellationToken abort)
    {
        health.Polled(group);
        Settle(consumer);
        if (inFlight.Count >= options.MaxInFlight)
        {
            AwaitOldest(consumer);
            return;
        }
        Resume(consumer);
        Gather(consumer);
        if (gathered.Count == 0)
            return;
        var batch = new ConsumedBatch(gathered);
        gathered = new(gathered.Count);
        StreamMetrics.Events.Add(batch.Records.Count, new KeyValuePair<string, object?>("worker", group));
        inFlight.Enqueue(new(batch, handle(batch, abort), TimeProvider.System.GetTimestamp()));
    }

    private void Gather(IConsumer<byte[], byte[]> consumer)
    {
        // An empty poll must be short while batches are in flight, so that their offsets are stored soon.
        var wait = inFlight.Count > 0 ? options.MaxWait : IdlePoll;
        var first = consumer.Consume(wait);
        if (first is null)
            return;
        gathered.Add(first);
        var start = TimeProvider.System.GetTimestamp();
        while (gathered.Count < options.MaxBatch)
        {
            var left = options.MaxWait - TimeProvider.System.GetElapsedTime(start);
            if (consumer.Consume(left > TimeSpan.Zero ? left : TimeSpan.Zero) is { } record)
                gathered.Add(record);
            else if (left <= TimeSpan.Zero)
                return;
        }
    }

    /// <summary>Waits for the oldest batch, and goes on serving the group meanwhile (paused, so that no record comes).</summary>
    private void AwaitOldest(IConsumer<byte[], byte[]> consumer)
    {
        var oldest = inFlight.Peek();
        if (Finished([oldest.Done], IdlePoll))
            return;
        var waited = TimeProvider.System.GetElapsedTime(oldest.Started);
        if (waited < PauseAfter)
            return;
        if (!paused)
        {
            consumer.Pause(assigned);
            paused = true;
            KafkaLog.Paused(logger, group, waited.TotalSeconds);
        }
        if (consumer.Consume(TimeSpan.Zero) is { } record)   // a partition assigned during the pause
            gathered.Add(record);
    }

    private void Resume(IConsumer<byte[], byte[]> consumer)
    {
        if (!paused)
            return;
        consumer.Resume(assigned);
        paused = false;
        KafkaLog.Resumed(logger, group);
    }

    /// <summary>Stores the offsets of finished batches, oldest first; throws what a handler threw.</summary>
    private void Settle(IConsumer<byte[], byte[]> consumer)
    {
        while (inFlight.TryPeek(out var oldest) && oldest.Done.IsCompleted)
        {
            oldest.Done.GetAwaiter().GetResult();
            inFlight.Dequeue();
            foreach (var (partition, next) in oldest.Batch.Next)
            {
                if (!assigned.Contains(partition))
                    continue;
                consumer.StoreOffset(new TopicPartitionOffset(partition, next));
                var high = consumer.GetWatermarkOffsets(partition).High;
                if (!high.IsSpecial)
                    StreamMetrics.Lag(group, partition, Math.Max(0, high - next));
            }
            StreamMetrics.BatchSeconds.Record(TimeProvider.System.GetElapsedTime(oldest.Started).TotalSeconds,
                new KeyValuePair<string, object?>("worker", group));
        }
    }

    private void Drain(IConsumer<byte[], byte[]> consumer)
    {
        if (!Finished([.. inFlight.Select(b => b.Done)], DrainTime))
            return;
        if (inFlight.All(b => b.Done.IsCompletedSuccessfully))
            Settle(consumer);
    }

    private static bool Finished(Task[] tasks, TimeSpan limit)
    {
        try
        {
            return Task.WaitAll(tasks, limit);
        }
        catch (AggregateException)
        {
            return true;   // Settle rethrows it where it ends the run
        }
    }

    private IConsumer<byte[], byte[]> Build() => new ConsumerBuilder<byte[], byte[]>(options.Consumer(group))
        .SetErrorHandler(events.OnError)
        .SetLogHandler(events.OnLog)
        .SetPartitionsAssignedHandler(OnAssigned)
        .SetPartitionsRevokedHandler((consumer, partitions) => OnRevoked(consumer, [.. partitions.Select(p => p.TopicPartition)]))
        .SetPartitionsLostHandler((_, partitions) => OnLost([.. partitions.Select(p => p.TopicPartition)]))
        .Build();

    private IEnumerable<TopicPartitionOffset> OnAssigned(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        assigned.UnionWith(partitions);
        health.Assigned(group, assigned.Count);
        KafkaLog.Assigned(logger, group, string.Join(' ', partitions));
        return [.. StartAt?.Invoke(consumer, partitions) ?? partitions.Select(p => new TopicPartitionOffset(p, Offset.Unset))];
    }

    /// <summary>Finishes what is in flight and commits it before the partitions go to their next owner.</summary>
    private void OnRevoked(IConsumer<byte[], byte[]> consumer, TopicPartition[] partitions)
    {
        Drain(consumer);
        Forget(partitions);
        try
        {
            consumer.Commit();
        }
        catch (KafkaException nothing) when (nothing.Error.Code is ErrorCode.Local_NoOffset)
        {
        }
        catch (KafkaException failed)
        {
            events.OnError(failed.Error);   // the next owner does the rest again
        }
        KafkaLog.Revoked(logger, group, string.Join(' ', partitions.Select(p => p.ToString())));
    }

    private void OnLost(TopicPartition[] partitions)
    {
        Forget(partitions);
        KafkaLog.Lost(logger, group, string.Join(' ', partitions.Select(p => p.ToString())));
    }

    private void Forget(TopicPartition[] partitions)
    {
        assigned.ExceptWith(partitions);
        gathered.RemoveAll(record => partitions.Contains(record.TopicPartition));
        health.Assigned(group, assigned.Count);
        foreach (var partition in partitions)
            StreamMetrics.Lag(group, partition, null);
    }

    private readonly record struct InFlight(ConsumedBatch Batch, Task Done, long Started);
}
