using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Rollout;

/// <summary>Follows <c>rollouts</c>; the registry is swapped as one value.</summary>
public sealed class RolloutFeed(IOptions<KafkaOptions> options, Dependencies dependencies, ILogger<RolloutFeed> logger)
    : CompactedFeed(options.Value, options.Value.Topics.Rollouts, dependencies, logger)
{
    private RolloutRegistry registry = RolloutRegistry.Empty;

    public RolloutRegistry Registry => Volatile.Read(ref registry);

    /// <returns>The key, and its plan unless it is gone.</returns>
    /// <exception cref="PoisonException">The value is no plan, or not the key's.</exception>
    internal static (string Key, RolloutPlan? Plan) Read(ConsumeResult<byte[], byte[]> record)
    {
        var key = KeyOf(record);
        if (record.Message.Value is not { } value)
            return (key, null);
        var plan = EventJson.Parse<RolloutPlan>(value);
        return plan.Rollout.Value == key ? (key, plan) : throw new PoisonException($"the key is {key}, the plan is {plan.Rollout}");
    }

    protected override void Apply(ConsumeResult<byte[], byte[]> record)
    {
        var (key, plan) = Read(record);
        Volatile.Write(ref registry, plan is null ? registry.Without(new(key)) : registry.With(plan));
        if (plan is not null)
            RolloutLog.Known(logger, plan.Rollout, plan.Revision, plan.By, plan.Reason);
    }
}
