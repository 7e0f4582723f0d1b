using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Rollout;

/// <summary>What makes a plan servable.</summary>
internal static class RolloutRules
{
    public const int WholeTraffic = 10_000;

    public static void Check(RolloutPlan plan)
    {
        EventRules.Require(plan.Revision >= 1, "revision", "counts from 1");
        EventRules.Require(plan.Salt.Length >= 1, "salt", "is not empty");
        EventRules.Require(plan.Arms.Count >= 1, "arms", "names at least one arm");
        EventRules.Require(plan.Arms.All(arm => arm.BasisPoints is >= 0 and <= WholeTraffic), "arms.share", "is 0 to 10000 basis points");
        EventRules.Require(plan.Arms.Sum(arm => arm.BasisPoints) == WholeTraffic, "arms.share", "sums to 10000 basis points over the arms");
        EventRules.Require(plan.Arms.DistinctBy(arm => arm.Name).Count() == plan.Arms.Count, "arms.arm", "is unique in a plan");
    }
}
