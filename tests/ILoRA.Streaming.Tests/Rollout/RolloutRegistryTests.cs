using ILoRA.Streaming.Events;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Tests.Rollout;

public sealed class RolloutRegistryTests
{
    [Fact]
    public void Without_a_plan_the_default_is_served() => Assert.Same(RolloutPlan.Default, RolloutRegistry.Empty.Serving);

    [Fact]
    public void A_higher_revision_replaces_a_lower_one() =>
        Assert.Equal(3, RolloutRegistry.Empty.With(Plan("r", 2)).With(Plan("r", 3)).Serving.Revision);

    [Fact]
    public void A_lower_revision_changes_nothing()
    {
        var registry = RolloutRegistry.Empty.With(Plan("r", 3));
        Assert.Same(registry, registry.With(Plan("r", 2)));
    }

    [Fact]
    public void The_plan_applied_last_is_served()
    {
        var registry = RolloutRegistry.Empty.With(Plan("first", 7)).With(Plan("second", 1));
        Assert.Equal("second", registry.Serving.Rollout.Value);
        Assert.Equal("first", registry.With(Plan("first", 8)).Serving.Rollout.Value);
    }

    [Fact]
    public void When_a_plan_is_erased_the_one_before_it_is_served_again()
    {
        var registry = RolloutRegistry.Empty.With(Plan("first", 1)).With(Plan("second", 1)).Without(new("second"));
        Assert.Equal("first", registry.Serving.Rollout.Value);
        Assert.Null(registry.Find(new("second")));
    }

    private static RolloutPlan Plan(string rollout, long revision) =>
        RolloutPlan.Default with { Rollout = new(rollout), Revision = revision };
}
