using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Rollout;

/// <summary>Which arm of a plan serves a user.</summary>
public static class ArmAssignment
{
    /// <summary>
    /// The user's arm, a pure function of salt, arms and user, as GrowthBook splits traffic: the hash with the salt as its seed gives the
    /// user one of 10,000 places, and the arms own consecutive ranges of places in the plan's order, as wide as their shares. Anyone can
    /// compute it from the plan alone.
    /// </summary>
    /// <exception cref="InvalidOperationException">The shares do not sum to <see cref="RolloutPlan.WholeTraffic"/>.</exception>
    public static Arm Assign(this RolloutPlan plan, UserId user)
    {
        var place = GrowthBookHash.Bucket(plan.Salt, user.Value);
        var end = 0;
        foreach (var arm in plan.Arms)
        {
            end += arm.BasisPoints;
            if (place < end)
                return arm;
        }
        throw new InvalidOperationException(
            $"The shares of rollout {plan.Rollout} sum to {end}; apply a plan whose shares sum to {RolloutPlan.WholeTraffic}.");
    }
}
