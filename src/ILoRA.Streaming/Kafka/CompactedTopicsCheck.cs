using Confluent.Kafka;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Clicks;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Puts unreadable records of <c>items</c>, <c>adapters</c> and <c>rollouts</c> aside, each once. Their feeds run in every process and skip such
/// records; this one has a group, hence a place where it left off.
/// </summary>
public sealed class CompactedTopicsCheck(
    IOptions<KafkaOptions> kafka, IOptions<IngestOptions> ingest, DeadLetters deadLetters, WorkerHealth health, ILogger<BatchConsumer> logger) : BackgroundService
{
    private readonly string group = $"{ingest.Value.Group}-compacted";
    private readonly Dictionary<string, Action<string, byte[]>> readers = new()
    {
        [kafka.Value.Topics.Items] = (key, value) => CatalogueFeed.Read(key, value),
        [kafka.Value.Topics.Adapters] = (key, value) => AdapterFeed.Read(key, value),
        [kafka.Value.Topics.Rollouts] = (key, value) => RolloutFeed.Read(key, value),
    };

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new BatchConsumer(kafka.Value, group, [.. readers.Keys], HandleAsync, health, logger).RunAsync(stoppingToken);

    private Task HandleAsync(ConsumedBatch batch, CancellationToken cancel)
    {
        var deliveries = new DeliveryBatch();
        foreach (var record in batch.Records)
        {
            try
            {
                Check(record);
            }
            catch (PoisonException poison)
            {
                deadLetters.Send(deliveries, record, poison.Message, group);
            }
        }
        return deliveries.CompleteAsync();
    }

    private void Check(ConsumeResult<byte[], byte[]> record)
    {
        var key = CompactedFeed.KeyOf(record);
        if (record.Message.Value is { } value)
            readers[record.Topic](key, value);
    }
}
