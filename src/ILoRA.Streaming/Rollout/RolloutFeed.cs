using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Rollout;

/// <summary>Follows <c>rollouts</c>; the registry is swapped as one value.</summary>
public sealed class RolloutFeed(IOptions<KafkaOptions> options, ILogger<RolloutFeed> logger)
    : CompactedFeed(options.Value, options.Value.Topics.Rollouts, logger)
{
    private RolloutRegistry registry = RolloutRegistry.Empty;

    public RolloutRegistry Registry => Volatile.Read(ref registry);

    /// <exception cref="PoisonException">The value is no plan, or not the key's.</exception>
    internal static RolloutPlan Read(string key, byte[] value)
    {
        var plan = EventJson.Parse<RolloutPlan>(value);
        return plan.Rollout.Value == key ? plan : throw new PoisonException($"the key is {key}, the plan is {plan.Rollout}");
    }

    protected override void Apply(string key, byte[] value)
    {
        var plan = Read(key, value);
        Volatile.Write(ref registry, registry.With(plan));
        RolloutLog.Known(logger, plan.Rollout, plan.Revision, plan.By, plan.Reason);
    }

    protected override void Remove(string key) => Volatile.Write(ref registry, registry.Without(new(key)));
}
