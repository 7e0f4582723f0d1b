using Confluent.Kafka;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.Training.Online;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>Sequences in, versions out. It goes on from its own checkpoint's offsets, not from the group's: those are committed for others to see the lag.</summary>
public sealed class TrainerWorker(
    IOptions<KafkaOptions> kafka, IOptions<TrainerOptions> options, IOptions<OnlineTrainerOptions> learning, TrainerStart start, CatalogueFeed items, AdapterFeed adapters,
    RolloutFeed rollouts, AdapterAnnouncer announcer, CheckpointStore checkpoints, DeadLetters deadLetters, TopicGuard topics,
    WorkerHealth health, TimeProvider time, ILoggerFactory loggers) : WorkerService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private readonly ILogger logger = loggers.CreateLogger<TrainerWorker>();
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly LanguageModelPace pace = new(learning.Value.LanguageModelShare, TimeSpan.FromSeconds(options.Value.BehindSeconds));
    private Task last = Task.CompletedTask;
    private TrainingSession? session;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        health.Waiting(options.Value.Group, "reading the catalogue and loading the backbone");
        await topics.Passed.WaitAsync(stoppingToken);
        await items.CaughtUp.WaitAsync(stoppingToken);
        session = await start.BeginAsync(stoppingToken);
        health.Waiting(options.Value.Group, null);
        using var owned = session;
        var consumer = new BatchConsumer(kafka.Value, options.Value.Group, [kafka.Value.Topics.Sequences], TakeAsync, health, loggers.CreateLogger<BatchConsumer>()) { StartAt = StartAt };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var consuming = consumer.RunAsync(stop.Token);
        var publishing = PublishLoopAsync(session, stop.Token);
        await Task.WhenAny(consuming, publishing);
        await stop.CancelAsync();
        await Task.WhenAll(consuming, publishing);
        await checkpoints.SaveAsync(options.Value.Line, session.Save(pace.Share), CancellationToken.None);
    }

    private Task TakeAsync(ConsumedBatch batch, CancellationToken cancel) => last = TakeAsync(last, batch, cancel);

    private async Task TakeAsync(Task before, ConsumedBatch batch, CancellationToken cancel)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var deliveries = new DeliveryBatch();
        await turn.WaitAsync(cancel);
        try
        {
            session!.Follow(items.Catalogue);
            pace.Next(time.GetUtcNow() - batch.Records[0].Message.Timestamp.UtcDateTime);
            foreach (var record in batch.Records)
                Take(record, deliveries);
            session.Reached(batch.Next.Select(next => (Name(next.Key), next.Value.Value)));
        }
        finally
        {
            turn.Release();
        }
        await deliveries.CompleteAsync(cancel);
    }

    private void Take(ConsumeResult<byte[], byte[]> record, DeliveryBatch deliveries)
    {
        try
        {
            session!.Take(EventJson.Parse<SequenceEvent>(record.Message.Value), learning.Value.Batch, pace.Share);
        }
        catch (PoisonException poison)
        {
            deadLetters.Send(deliveries, record, poison.Message, options.Value.Group);
        }
    }

    private async Task PublishLoopAsync(TrainingSession running, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var (published, saved) = (time.GetTimestamp(), time.GetTimestamp());
        while (await WaitAsync(timer, stop))
        {
            if (Due(running, published))
            {
                published = time.GetTimestamp();
                await PublishAsync(running, stop);
            }
            if (time.GetElapsedTime(saved).TotalSeconds < options.Value.CheckpointSeconds)
                continue;
            saved = time.GetTimestamp();
            var checkpoint = await AloneAsync(() => running.Save(pace.Share), stop);
            await checkpoints.SaveAsync(options.Value.Line, checkpoint, stop);
        }
    }

    private bool Due(TrainingSession running, long published) => running.SinceRelease >= options.Value.LeastSamples
        && (time.GetElapsedTime(published).TotalSeconds >= options.Value.PublishSeconds || running.SinceRelease >= options.Value.PublishSamples);

    private async Task PublishAsync(TrainingSession running, CancellationToken stop)
    {
        var samples = running.SinceRelease;
        var (snapshot, metrics, release) = await AloneAsync(() =>
        {
            var (exported, losses) = running.Release(pace.Share);
            return (exported, losses, Release(running, losses));
        }, stop);
        // What cannot be read back must never be announced: a NaN ends this process here, and it goes on from its checkpoint.
        SnapshotParts.Read(SnapshotParts.Write(snapshot).ToDictionary(part => part.Key, part => (ReadOnlyMemory<byte>)part.Value));
        var published = await announcer.PublishAsync(snapshot, release, stop);
        running.Published(release.Version.Value);
        // The feed may not have heard of the new version yet, whose parts must stay.
        var known = adapters.Registry.With(published);
        if (rollouts.CaughtUp.IsCompletedSuccessfully && LineRetention.Outdated(known, rollouts.Registry, release.Line, options.Value.KeepVersions) is { Count: > 0 } outdated)
            await announcer.RetireAsync(known, outdated, stop);
        // Steps of changing lengths leave gaps between what stays; without this they add up over hours.
        NativeHeap.Trim();
        TrainerLog.Published(logger, release.Version.Value, samples, metrics["encoder_loss"], metrics["score_loss"], pace.Share);
    }

    private AdapterRelease Release(TrainingSession running, IReadOnlyDictionary<string, double> metrics)
    {
        var line = new LineName(options.Value.Line);
        return new()
        {
            Line = line,
            Version = adapters.Registry.Next(line),
            Parent = running.Version is { } parent ? new AdapterVersion(parent) : null,
            Offsets = new Dictionary<string, long>(running.Offsets),
            Events = running.Events,
            Metrics = metrics,
        };
    }

    private async Task<T> AloneAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            turn.Release();
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
        partitions.Select(partition => new TopicPartitionOffset(partition, session!.Offsets.TryGetValue(Name(partition), out var next) ? next : Offset.Beginning));

    private static string Name(TopicPartition partition) => $"{partition.Topic}-{partition.Partition.Value}";

    public override void Dispose()
    {
        base.Dispose();
        turn.Dispose();
    }
}
