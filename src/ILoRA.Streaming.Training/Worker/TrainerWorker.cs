using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Training.Online;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// The trainer's hosted service: consumes sequence events, trains on them, and publishes versions and checkpoints. It resumes from the
/// offsets of its checkpoint; the consumer group's offsets are committed only so that monitoring shows the lag.
/// </summary>
public sealed class TrainerWorker(
    ConsumerGroups groups, IOptions<TrainerOptions> options, IOptions<OnlineTrainerOptions> learning, TrainerStart start,
    CatalogueFeed items, LinePublisher publisher, CheckpointStore checkpoints, TimeProvider time,
    ILogger<TrainerWorker> logger) : WorkerService
{
    // With the draining of batches less than a stop may take.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250), LastCheckpointTime = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim exclusive = new(1, 1);
    private readonly LanguageModelPace pace = new(learning.Value.LanguageModelShare, options.Value.LongestLag);
    private readonly RecordReader<SequenceEvent> reader =
        groups.Reader(options.Value.Group, record => EventJson.Parse<SequenceEvent>(record.Message.Value));
    private readonly OrderedStage taking = new();
    private TrainingSession? session;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        groups.Waiting(options.Value.Group, "reading the catalogue and loading the backbone");
        await groups.TopicsReady.WaitAsync(stoppingToken);
        await items.CaughtUp.WaitAsync(stoppingToken);
        session = await start.BeginAsync(stoppingToken);
        groups.Waiting(options.Value.Group, null);
        using var owned = session;
        var consumer = groups.Consumer(options.Value.Group, [groups.Topics.Sequences], TakeAsync, StartAt);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var consuming = consumer.RunAsync(stop.Token);
        var publishing = PublishLoopAsync(session, stop.Token);
        await Task.WhenAny(consuming, publishing);
        await stop.CancelAsync();
        await Task.WhenAll(consuming, publishing);
        await SaveLastAsync(session);
    }

    /// <summary>The checkpoint of a stop: where Redis is down, the trainer resumes from the one before.</summary>
    private async Task SaveLastAsync(TrainingSession ended)
    {
        using var limit = new CancellationTokenSource(LastCheckpointTime, time);
        try
        {
            await checkpoints.SaveAsync(options.Value.Line, ended.Save(pace.Share), limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            TrainerLog.LastCheckpointLost(logger, options.Value.Line, LastCheckpointTime.TotalSeconds);
        }
    }

    private Task TakeAsync(ConsumedBatch batch, CancellationToken cancel) => taking.RunAsync(async () =>
    {
        var deliveries = new DeliveryBatch();
        await ExclusiveAsync(() => Take(batch, deliveries), cancel);
        await deliveries.CompleteAsync(cancel);
    }, cancel);

    private void Take(ConsumedBatch batch, DeliveryBatch deliveries)
    {
        session!.UpdateCatalogue(items.Catalogue);
        pace.Next(time.GetUtcNow() - batch.Records[0].Message.Timestamp.UtcDateTime);
        foreach (var sequence in reader.Read(batch, deliveries))
            session.Take(sequence, learning.Value.Batch, pace.Share);
        session.SetOffsets(batch.Next.Select(next => (Name(next.Key), next.Value.Value)));
    }

    private async Task PublishLoopAsync(TrainingSession running, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var saved = time.GetTimestamp();
        var schedule = new PublishSchedule(options.Value, time);
        while (await WaitAsync(timer, stop))
        {
            if (schedule.IsDue(running.SinceRelease))
            {
                schedule.Begin();
                await PublishAsync(running, stop);
            }
            if (time.GetElapsedTime(saved) < options.Value.CheckpointEvery)
                continue;
            saved = time.GetTimestamp();
            var checkpoint = await ExclusiveAsync(() => running.Save(pace.Share), stop);
            await checkpoints.SaveAsync(options.Value.Line, checkpoint, stop);
        }
    }

    private async Task PublishAsync(TrainingSession running, CancellationToken stop)
    {
        var samples = running.SinceRelease;
        var (snapshot, metrics, release) = await ExclusiveAsync(() =>
        {
            var (exported, losses) = running.Release(pace.Share);
            return (exported, losses, publisher.Next(running, losses));
        }, stop);
        await publisher.PublishAsync(snapshot, release, stop);
        running.Published(release.Version.Value);
        // Tensors of varying sizes fragment the native heap; without trimming, memory grows over hours.
        NativeHeap.Trim();
        TrainerLog.Published(logger, release.Version.Value, samples, metrics["encoder_loss"], metrics["score_loss"], pace.Share);
    }

    private async Task ExclusiveAsync(Action work, CancellationToken cancel) => await ExclusiveAsync(() =>
    {
        work();
        return true;
    }, cancel);

    private async Task<T> ExclusiveAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await exclusive.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            exclusive.Release();
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private IEnumerable<TopicPartitionOffset> StartAt(IConsumer<byte[], byte[]> consumer, IReadOnlyList<TopicPartition> partitions) =>
        partitions.Select(
            partition =>
                new TopicPartitionOffset(partition, session!.Offsets.TryGetValue(Name(partition), out var next) ? next : Offset.Beginning));

    private static string Name(TopicPartition partition) => new PartitionName(partition.Topic, partition.Partition.Value).ToString();

    public override void Dispose()
    {
        base.Dispose();
        exclusive.Dispose();
    }
}
