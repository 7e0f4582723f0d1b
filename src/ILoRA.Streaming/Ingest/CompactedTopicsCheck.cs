using Confluent.Kafka;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>
/// Puts unreadable records of <c>items</c>, <c>adapters</c> and <c>rollouts</c> aside, each once. Their feeds run in every process and skip
/// such records; this one has a group, hence a place where it left off.
/// </summary>
public sealed class CompactedTopicsCheck(IOptions<KafkaOptions> kafka, IOptions<IngestOptions> ingest, ConsumerGroups groups)
    : WorkerService
{
    private readonly string group = $"{ingest.Value.Group}-compacted";
    private readonly Dictionary<string, Action<ConsumeResult<byte[], byte[]>>> checks = Checks(kafka.Value);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await groups.TopicsReady.WaitAsync(stoppingToken);
        var reader = groups.Reader(group, Checked);
        await groups.Consumer(group, [.. checks.Keys], HandleAsync).RunAsync(stoppingToken);

        Task HandleAsync(ConsumedBatch batch, CancellationToken cancel)
        {
            var deliveries = new DeliveryBatch();
            reader.Read(batch, deliveries);
            return deliveries.CompleteAsync(cancel);
        }
    }

    private ConsumeResult<byte[], byte[]> Checked(ConsumeResult<byte[], byte[]> record)
    {
        checks[record.Topic](record);
        return record;
    }

    private static Dictionary<string, Action<ConsumeResult<byte[], byte[]>>> Checks(KafkaOptions kafka)
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
