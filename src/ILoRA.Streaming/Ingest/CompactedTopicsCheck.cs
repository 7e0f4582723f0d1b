using Confluent.Kafka;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>
/// Puts unreadable records of <c>items</c>, <c>adapters</c> and <c>rollouts</c> aside, each once. Their feeds run in every process and skip such
/// records; this one has a group, hence a place where it left off.
/// </summary>
public sealed class CompactedTopicsCheck(
    IOptions<KafkaOptions> kafka, IOptions<IngestOptions> ingest, DeadLetters deadLetters, TopicGuard topics, WorkerHealth health,
    ILogger<BatchConsumer> logger) : WorkerService
{
    private readonly string group = $"{ingest.Value.Group}-compacted";
    private readonly Dictionary<string, Action<ConsumeResult<byte[], byte[]>>> readers = Readers(kafka.Value);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topics.Passed.WaitAsync(stoppingToken);
        await new BatchConsumer(kafka.Value, group, [.. readers.Keys], HandleAsync, health, logger).RunAsync(stoppingToken);
    }

    private Task HandleAsync(ConsumedBatch batch, CancellationToken cancel)
    {
        var deliveries = new DeliveryBatch();
        foreach (var record in batch.Records)
        {
            try
            {
                readers[record.Topic](record);
            }
            catch (PoisonException poison)
            {
                deadLetters.Send(deliveries, record, poison.Message, group);
            }
        }
        return deliveries.CompleteAsync(cancel);
    }

    private static Dictionary<string, Action<ConsumeResult<byte[], byte[]>>> Readers(KafkaOptions kafka)
    {
        var items = kafka.ItemFormat();
        return new()
        {
            [kafka.Topics.Items] = record => CatalogueFeed.Read(record, items),
            [kafka.Topics.Adapters] = record => AdapterFeed.Read(record),
            [kafka.Topics.Rollouts] = record => RolloutFeed.Read(record),
        };
    }
}
