using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Rollout;

/// <summary>What makes a plan servable.</summary>
internal static class RolloutRules
{
    public static void Check(RolloutPlan plan)
    {
        EventRules.Require(plan.Revision >= 1, "revision", "counts from 1");
        EventRules.Text(plan.Salt, "salt", EventRules.Name);
        EventRules.Text(plan.Stage, "stage", EventRules.Name);
        EventRules.Text(plan.By, "by", EventRules.Name);
        EventRules.Text(plan.Reason, "reason", EventRules.Title);
        EventRules.Optional(plan.Segment, "segment", EventRules.Name);
        EventRules.Require(plan.Schedule is null || plan.Schedule.All(share => share is >= 0 and <= RolloutPlan.WholeTraffic), "schedule", "holds shares of 0 to 10000 basis points");
        Check(plan.Arms);
    }

    private static void Check(IReadOnlyList<Arm> arms)
    {
        EventRules.Require(arms.Count >= 1, "arms", "names at least one arm");
        EventRules.Require(arms.All(arm => arm is not null), "arms", "holds no null");
        EventRules.Require(arms.All(arm => arm.BasisPoints is >= 0 and <= RolloutPlan.WholeTraffic), "arms.share", "is 0 to 10000 basis points");
        // A schema can neither add nor compare names: these two are the reader's alone.
        var sum = arms.Sum(arm => arm.BasisPoints);
        EventRules.Require(sum == RolloutPlan.WholeTraffic, "arms.share", $"sums to 10000 basis points over the arms, got {sum}");
        EventRules.Require(arms.DistinctBy(arm => arm.Name).Count() == arms.Count, "arms.arm", "is unique in a plan");
    }
}
