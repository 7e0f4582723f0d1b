using Confluent.Kafka;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Items;

/// <summary>Follows <c>items</c>.</summary>
public sealed class CatalogueFeed(IOptions<KafkaOptions> options, Dependencies dependencies, ILogger<CatalogueFeed> logger)
    : CompactedFeed(options.Value, options.Value.Topics.Items, dependencies, logger)
{
    private readonly CatalogueBuilder builder = new();
    private readonly RecordFormat format = options.Value.ItemFormat();

    public Catalogue Catalogue => builder.Current;

    /// <returns>The key's item, and its event unless it is gone.</returns>
    /// <exception cref="PoisonException">The value is no item, or not the key's.</exception>
    internal static (ItemId Item, ItemEvent? Event) Read(ConsumeResult<byte[], byte[]> record, RecordFormat format)
    {
        var item = format.ReadState<ItemEvent>(record.Message.Value);
        var key = format.ReadKey(record.Message.Key);
        // Compaction keeps one record a key: under another key this one would replace another item's.
        return item is null || item.Item.Value == key
            ? (new(key), item) : throw new PoisonException($"the key is {key}, the item is {item.Item}");
    }

    protected override void Apply(ConsumeResult<byte[], byte[]> record)
    {
        var (item, change) = Read(record, format);
        if (change is null)
            builder.Remove(item);
        else
            builder.Apply(change);
    }
}
