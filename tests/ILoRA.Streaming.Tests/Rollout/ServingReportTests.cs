using ILoRA.Streaming.Events;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Rollout;

public sealed class ServingReportTests
{
    private static readonly ServingReport Report = new()
    {
        Worker = "w1",
        Time = A.Start,
        Plan = new(RolloutPlan.Default.Rollout, RolloutPlan.Default.Revision),
        Arms = [new(new("online"), new("online"), new("online-000007"), null, null)],
    };

    [Fact]
    public void A_plan_is_served_whose_arms_are() => Assert.True(Report.IsOf(RolloutPlan.Default));

    [Theory]
    [InlineData("default", 1, "online", "online-000007", true)]
    [InlineData("default", 1, "online", "online-000099", false)]
    [InlineData("default", 1, "frozen", null, false)]
    [InlineData("default", 2, "online", null, false)]
    [InlineData("spring", 1, "online", null, false)]
    public void A_plan_of_the_same_name_and_revision_is_not_served_with_other_arms(
        string rollout, long revision, string line, string? version, bool served)
    {
        var plan = RolloutPlan.Default with
        {
            Rollout = new(rollout),
            Revision = revision,
            Arms = [RolloutPlan.Default.Arms[0] with { Line = new(line), Version = version is null ? null : new(version) }],
        };

        Assert.Equal(served, Report.IsOf(plan));
    }
}
