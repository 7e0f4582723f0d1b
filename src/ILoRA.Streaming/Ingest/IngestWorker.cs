using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>
/// Clicks in, users' sequences (and outcomes) out. Batches overlap: one is read while another is applied and a third is being delivered.
/// </summary>
public sealed class IngestWorker(
    ConsumerGroups groups, IOptions<IngestOptions> options, IngestPartitions partitions, ClickReader clicks, SequenceApply sequences,
    ClickEmitter emitter, DependencyRetry retry, ILogger<IngestWorker> logger) : WorkerService
{
    private readonly RecordReader<ReceivedClick> reader = groups.Reader(
        options.Value.Group,
        record => clicks.Read(record, partitions.Epoch(record.TopicPartition)),
        record => record.Offset.Value >= partitions.EmitFrom(record.TopicPartition));
    private OrderedStage applying = new(), emitting = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await groups.TopicsReady.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            (applying, emitting) = (new(), new());
            var consumer = groups.Consumer(
                options.Value.Group, [groups.Topics.Clicks], HandleAsync,
                (from, assigned) => partitions.StartAt(from, assigned, stoppingToken));
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
        var received = reader.Read(batch, deliveries);
        // One batch after the other: a later one must not be in the store while an earlier one is not.
        var applied = applying.RunAsync(() => ApplyAsync(batch, received, cancel), cancel);
        await emitting.RunAsync(async () => Emit(await applied, deliveries), cancel);
        await deliveries.CompleteAsync(cancel);
    }

    private async Task<AppliedClick[]> ApplyAsync(ConsumedBatch batch, List<ReceivedClick> received, CancellationToken cancel)
    {
        var steps = partitions.Steps(batch.Next);
        var applied = await retry.RunAsync(_ => sequences.ApplyAsync(received, steps), cancel);
        partitions.Applied(steps);
        return applied;
    }

    private void Emit(AppliedClick[] applied, DeliveryBatch deliveries)
    {
        foreach (var click in applied)
            emitter.Emit(deliveries, click, partitions.EmitFrom(click.Click.Record.TopicPartition));
        emitter.Report();
    }
}
