using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Adapters;

/// <summary>Follows <c>adapters</c>; the registry is swapped as one value.</summary>
public sealed class AdapterFeed(IOptions<KafkaOptions> options, ILogger<AdapterFeed> logger)
    : CompactedFeed(options.Value, options.Value.Topics.Adapters, logger)
{
    private AdapterRegistry registry = AdapterRegistry.Empty;

    public AdapterRegistry Registry => Volatile.Read(ref registry);

    /// <exception cref="PoisonException">The value is no manifest, or not the key's.</exception>
    internal static AdapterManifest Read(string key, byte[] value)
    {
        var manifest = EventJson.Parse<AdapterManifest>(value);
        // Compaction keeps one record a key: under another key this one would replace another or outlive its retirement.
        return manifest.Key == key ? manifest : throw new PoisonException($"the key is {key}, the manifest is {manifest.Key}");
    }

    protected override void Apply(string key, byte[] value)
    {
        var manifest = Read(key, value);
        Volatile.Write(ref registry, registry.With(manifest));
        AdapterLog.Announced(logger, manifest.Version, manifest.Line);
    }

    protected override void Remove(string key) => Volatile.Write(ref registry, registry.Without(key));
}
