using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Adapters;

/// <summary>Follows <c>adapters</c>; the registry is swapped as one value.</summary>
public sealed class AdapterFeed(IOptions<KafkaOptions> options, Dependencies dependencies, ILogger<AdapterFeed> logger)
    : CompactedFeed(options.Value, options.Value.Topics.Adapters, dependencies, logger)
{
    private AdapterRegistry registry = AdapterRegistry.Empty;

    public AdapterRegistry Registry => Volatile.Read(ref registry);

    /// <returns>The key, and its manifest unless it is gone.</returns>
    /// <exception cref="PoisonException">The value is no manifest, or not the key's.</exception>
    internal static (string Key, AdapterManifest? Manifest) Read(ConsumeResult<byte[], byte[]> record)
    {
        var key = KeyOf(record);
        if (record.Message.Value is not { } value)
            return (key, null);
        var manifest = EventJson.Parse<AdapterManifest>(value);
        // Compaction keeps one record a key: under another key this one would replace another or outlive its retirement.
        return manifest.Key == key ? (key, manifest) : throw new PoisonException($"the key is {key}, the manifest is {manifest.Key}");
    }

    protected override void Apply(ConsumeResult<byte[], byte[]> record)
    {
        var (key, manifest) = Read(record);
        Volatile.Write(ref registry, manifest is null ? registry.Without(key) : registry.With(manifest));
        if (manifest is not null)
            AdapterLog.Announced(logger, manifest.Version, manifest.Line);
    }
}
