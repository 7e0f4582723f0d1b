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

    protected override void Apply(string key, byte[] value)
    {
        var item = EventJson.Parse<ItemEvent>(value);
        if (item.Item.Value != key)
            throw new PoisonException($"the key is {key}, the item is {item.Item}");
        builder.Apply(item);
    }

    protected override void Remove(string key) => builder.Remove(new(key));
}
