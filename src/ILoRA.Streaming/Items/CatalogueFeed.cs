using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Items;

/// <summary>Follows <c>items</c>.</summary>
public sealed class CatalogueFeed(IOptions<KafkaOptions> options, ILogger<CatalogueFeed> logger)
    : CompactedFeed(options.Value, options.Value.Topics.Items, logger)
{
    private readonly CatalogueBuilder builder = new();

    public Catalogue Catalogue => builder.Current;

    /// <exception cref="PoisonException">The value is no item, or not the key's.</exception>
    internal static ItemEvent Read(string key, byte[] value)
    {
        var item = EventJson.Parse<ItemEvent>(value);
        // Compaction keeps one record a key: under another key this one would replace another item's.
        return item.Item.Value == key ? item : throw new PoisonException($"the key is {key}, the item is {item.Item}");
    }

    protected override void Apply(string key, byte[] value) => builder.Apply(Read(key, value));

    protected override void Remove(string key) => builder.Remove(new(key));
}
