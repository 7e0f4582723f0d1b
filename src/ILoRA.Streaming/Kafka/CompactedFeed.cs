using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Reads a compacted topic whole, without a group, and goes on following it: every process has all of it. A record that cannot be read is
/// logged and skipped here; <c>CompactedTopicsCheck</c> puts it aside.
/// </summary>
public abstract class CompactedFeed(KafkaOptions options, string topic, Dependencies dependencies, ILogger logger) : WorkerService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), MetadataTime = TimeSpan.FromSeconds(5),
        MetadataPause = TimeSpan.FromMilliseconds(500);
    private readonly KafkaClientEvents events = new(dependencies.Kafka, logger);
    private readonly TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when everything that was on the topic at the start has been applied.</summary>
    public Task CaughtUp => caughtUp.Task;

    /// <summary>Ends with the next record applied. Take it before reading the state, so that no change is missed.</summary>
    public Task NextChange => Volatile.Read(ref changed).Task;

    /// <exception cref="PoisonException">The record has no key: compaction could not keep it.</exception>
    internal static string KeyOf(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Key is { } key ? Encoding.UTF8.GetString(key) : throw new PoisonException("the record has no key");

    /// <summary>Applies a record; called from one thread, in the topic's order.</summary>
    /// <exception cref="PoisonException">The record cannot be read.</exception>
    protected abstract void Apply(ConsumeResult<byte[], byte[]> record);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(options.Reader())
            .SetErrorHandler(events.OnError)
            .SetLogHandler(events.OnLog)
            .Build();
        try
        {
            var behind = Partitions(consumer, stop);
            consumer.Assign(behind.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
            while (!stop.IsCancellationRequested)
                Step(consumer, behind);
        }
        finally
        {
            caughtUp.TrySetCanceled(CancellationToken.None);
            consumer.Close();
        }
    }

    private void Step(IConsumer<byte[], byte[]> consumer, HashSet<TopicPartition> behind)
    {
        try
        {
            var record = consumer.Consume(Poll);
            if (record is null)
                return;
            if (!record.IsPartitionEOF)
                Take(record);
            else if (behind.Remove(record.TopicPartition) && behind.Count == 0)
                CatchUp();
        }
        catch (ConsumeException error) when (!error.Error.IsFatal)
        {
            // The client reconnects by itself; what was read stays served meanwhile.
            events.OnError(error.Error);
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> record)
    {
        try
        {
            Apply(record);
            Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
        catch (PoisonException poison)
        {
            KafkaLog.FeedSkipped(logger, record.Topic, record.Partition.Value, record.Offset.Value, poison.Message);
        }
    }

    private void CatchUp()
    {
        KafkaLog.FeedCaughtUp(logger, topic);
        caughtUp.TrySetResult();
    }

    /// <summary>
    /// Asks until the topic is there: at first start the workers may be up before it is created. None where the process is stopped first.
    /// </summary>
    private HashSet<TopicPartition> Partitions(IConsumer<byte[], byte[]> consumer, CancellationToken stop)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var waiting = false;
        while (!stop.IsCancellationRequested)
        {
            if (Known(admin) is { Count: > 0 } partitions)
                return partitions;
            if (!waiting)
                KafkaLog.FeedWaits(logger, topic);
            waiting = true;
            stop.WaitHandle.WaitOne(MetadataPause);
        }
        return [];
    }

    private HashSet<TopicPartition> Known(IAdminClient admin)
    {
        try
        {
            var metadata = admin.GetMetadata(topic, MetadataTime).Topics.Single();
            return [.. metadata.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
        }
        catch (KafkaException error) when (!error.Error.IsFatal)
        {
            events.OnError(error.Error);
            return [];
        }
    }
}
