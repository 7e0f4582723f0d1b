using System.Text;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>What the adapters and rollouts topics say at this moment.</summary>
internal static class Registries
{
    public static AdapterRegistry Adapters(KafkaOptions kafka, TextWriter error, CancellationToken cancellation)
        => Fold<AdapterRegistry, AdapterManifest>(kafka, kafka.Topics.Adapters, AdapterRegistry.Empty,
            (registry, manifest) => registry.With(manifest), (registry, key) => registry.Without(key), error, cancellation);

    public static RolloutRegistry Rollouts(KafkaOptions kafka, TextWriter error, CancellationToken cancellation)
        => Fold<RolloutRegistry, RolloutPlan>(kafka, kafka.Topics.Rollouts, RolloutRegistry.Empty,
            (registry, plan) => registry.With(plan), (registry, key) => registry.Without(new RolloutName(key)), error, cancellation);

    private static TRegistry Fold<TRegistry, TEvent>(
        KafkaOptions kafka, string topic, TRegistry registry, Func<TRegistry, TEvent, TRegistry> with,
        Func<TRegistry, string, TRegistry> without, TextWriter error, CancellationToken cancellation)
        where TEvent : class, IEvent
    {
        using var reader = new TopicReader(kafka);
        foreach (var record in reader.ReadToEnd(topic, null, cancellation))
        {
            try
            {
                registry = record.Message.Value is { } value
                    ? with(registry, EventJson.Parse<TEvent>(value))
                    : without(registry, Encoding.UTF8.GetString(record.Message.Key ?? []));
            }
            catch (PoisonException poison)
            {
                error.WriteLine($"warning: {record.TopicPartitionOffset} is passed over: {poison.Message}");
            }
        }
        return registry;
    }
}
