using System.Collections.Concurrent;
using Confluent.Kafka;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>Clicks in, users' sequences (and outcomes) out. Batches overlap: one is read while another is applied and a third is being delivered.</summary>
public sealed class IngestWorker(
    IOptions<KafkaOptions> kafka, IOptions<IngestOptions> options, SequenceStore store, SequenceApply sequences, ClickClock clock, ClickEmitter emitter, DeadLetters deadLetters,
    DependencyRetry retry, TopicGuard topics, WorkerHealth health, ILoggerFactory loggers) : WorkerService
{
    private readonly ILogger logger = loggers.CreateLogger<IngestWorker>();
    private readonly ConcurrentDictionary<TopicPartition, PartitionState> partitions = new();
    private readonly RecordFormat format = kafka.Value.ClickFormat();
    private readonly uint topic = LogPosition.TopicCode(kafka.Value.Topics.Clicks);
    private Task<AppliedClick[]> lastApplied = Task.FromResult<AppliedClick[]>([]);
    private Task lastEmitted = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topics.Passed.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            (lastApplied, lastEmitted) = (Task.FromResult<AppliedClick[]>([]), Task.CompletedTask);
            var consumer = new BatchConsumer(kafka.Value, options.Value.Group, [kafka.Value.Topics.Clicks], HandleAsync, health, loggers.CreateLogger<BatchConsumer>()) { StartAt = (from, assigned) => StartAt(from, assigned, stoppingToken) };
            try
            {
                await consumer.RunAsync(stoppingToken);
            }
            catch (StateLostException lost)
            {
                IngestLog.StateLost(logger, lost.Message);
            }
        }
    }

    private async Task HandleAsync(ConsumedBatch batch, CancellationToken cancel)
    {
        var deliveries = new DeliveryBatch();
        var clicks = Read(batch, deliveries);
        var applied = lastApplied = ApplyAsync(lastApplied, batch, clicks, cancel);
        await (lastEmitted = EmitAsync(lastEmitted, applied, deliveries));
        await deliveries.CompleteAsync(cancel);
    }

    private List<ReceivedClick> Read(ConsumedBatch batch, DeliveryBatch deliveries)
    {
        var clicks = new List<ReceivedClick>(batch.Records.Count);
        foreach (var record in batch.Records)
        {
            try
            {
                var click = ReceivedClick.Read(record, format, topic, partitions[record.TopicPartition].Epoch);
                clock.Check(click.Event);
                clicks.Add(click);
            }
            catch (Json.PoisonException poison)
            {
                if (record.Offset.Value >= partitions[record.TopicPartition].EmitFrom)
                    deadLetters.Send(deliveries, record, poison.Message, options.Value.Group);
            }
        }
        return clicks;
    }

    /// <summary>One batch after the other: a later one must not be in the store while an earlier one is not.</summary>
    private async Task<AppliedClick[]> ApplyAsync(Task before, ConsumedBatch batch, List<ReceivedClick> clicks, CancellationToken cancel)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ProgressStep[] steps = [.. batch.Next.Select(next => new ProgressStep(next.Key, partitions[next.Key].Epoch, partitions[next.Key].Applied, next.Value))];
        var applied = await retry.RunAsync(_ => sequences.ApplyAsync(clicks, steps), cancel);
        foreach (var step in steps)
            partitions[step.Partition] = partitions[step.Partition] with { Applied = Math.Max(step.Next, step.Expected) };
        return applied;
    }

    private async Task EmitAsync(Task before, Task<AppliedClick[]> applied, DeliveryBatch deliveries)
    {
        await before;
        foreach (var click in await applied)
            emitter.Emit(deliveries, click, partitions[click.Click.Record.TopicPartition].EmitFrom);
        emitter.Report();
    }

    /// <summary>Reads on at the commit, or earlier where the store has lost what was applied. Runs in the rebalance on the polling thread, hence synchronous.</summary>
    private List<TopicPartitionOffset> StartAt(IConsumer<byte[], byte[]> consumer, IReadOnlyList<TopicPartition> assigned, CancellationToken stop)
    {
        // Less than a stop may take, which has to wait for these calls.
        var limit = TimeSpan.FromSeconds(10);
        var committed = retry.RunAsync(_ => Task.FromResult(consumer.Committed(assigned, limit)), stop).GetAwaiter().GetResult().ToDictionary(c => c.TopicPartition, c => c.Offset);
        var starts = new List<TopicPartitionOffset>(assigned.Count);
        foreach (var partition in assigned)
        {
            var log = retry.RunAsync(_ => Task.FromResult(consumer.QueryWatermarkOffsets(partition, limit)), stop).GetAwaiter().GetResult();
            long? commit = committed.TryGetValue(partition, out var offset) && !offset.IsSpecial ? offset.Value : null;
            var start = retry.RunAsync(_ => ResumeAsync(partition, commit, log), stop).GetAwaiter().GetResult();
            partitions[partition] = new(start.Progress.Epoch, start.Progress.Next, start.EmitFrom);
            starts.Add(new(partition, start.Start));
        }
        return starts;
    }

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

    private sealed record PartitionState(int Epoch, long Applied, long EmitFrom);
}
