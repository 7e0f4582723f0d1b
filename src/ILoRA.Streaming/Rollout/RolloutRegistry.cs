using System.Collections.Immutable;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Rollout;

/// <summary>
/// The plans known, as one immutable value: the newest revision of each rollout, and of those the one applied last is served.
/// </summary>
public sealed class RolloutRegistry
{
    // In the order of application, which compaction keeps: the last record of a key stays at its offset.
    private readonly ImmutableList<RolloutPlan> plans;

    private RolloutRegistry(ImmutableList<RolloutPlan> plans) => this.plans = plans;

    public static RolloutRegistry Empty { get; } = new([]);

    public IReadOnlyList<RolloutPlan> Plans => plans;

    /// <summary>What workers serve.</summary>
    public RolloutPlan Serving => plans.Count > 0 ? plans[^1] : RolloutPlan.Default;

    public RolloutPlan? Find(RolloutName rollout) => plans.Find(plan => plan.Rollout == rollout);

    /// <summary>The registry after this plan was applied; an older revision than the known one changes nothing.</summary>
    public RolloutRegistry With(RolloutPlan plan)
    {
        var known = Find(plan.Rollout);
        if (known is not null && known.Revision > plan.Revision)
            return this;
        return new((known is null ? plans : plans.Remove(known)).Add(plan));
    }

    public RolloutRegistry Without(RolloutName rollout) => Find(rollout) is { } known ? new(plans.Remove(known)) : this;
}
