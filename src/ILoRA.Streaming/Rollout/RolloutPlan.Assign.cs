using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Rollout;

public sealed partial record RolloutPlan
{
    /// <summary>All users, in basis points.</summary>
    public const int WholeTraffic = 10_000;

    /// <summary>What is served while nobody has applied a plan: the newest version of the line <c>online</c>, to everyone.</summary>
    public static RolloutPlan Default { get; } = new()
    {
        Rollout = new("default"),
        Revision = 1,
        Salt = "default",
        Arms = [new() { Name = new("online"), Line = new("online"), Version = null, BasisPoints = WholeTraffic }],
        Stage = "full",
        By = "default",
        Reason = "no plan was applied",
    };

    /// <summary>Refuses a plan that cannot be served.</summary>
    /// <exception cref="PoisonException">Shares that don't sum to 10000, a repeated arm, an empty name; the message says which.</exception>
    public void Check() => RolloutRules.Check(this);

    /// <summary>
    /// The user's arm, a pure function of salt, arms and user. Each arm draws u in (0, 1) from its own seed <c>salt/arm</c>, and the smallest
    /// -ln(u) / share wins (weighted rendezvous). So arms take users in proportion to their shares, whatever their order, and when one arm's share
    /// grows while the others keep their proportions, users only move into it: nobody moves between the others.
    /// </summary>
    public Arm Assign(UserId user)
    {
        Arm? winner = null;
        var least = double.PositiveInfinity;
        foreach (var arm in Arms)
        {
            if (arm.BasisPoints == 0)
                continue;
            var u = (GrowthBookHash.Bucket($"{Salt}/{arm.Name.Value}", user.Value) + 0.5) / GrowthBookHash.Buckets;
            var score = -Math.Log(u) / arm.BasisPoints;
            // Equal draws of equal shares: the name decides, so that the order in the plan never does.
            if (score < least || (score == least && string.CompareOrdinal(arm.Name.Value, winner!.Name.Value) < 0))
                (winner, least) = (arm, score);
        }
        return winner ?? throw new InvalidOperationException($"No arm of rollout {Rollout} has a share; apply a plan whose shares sum to {WholeTraffic}.");
    }
}
