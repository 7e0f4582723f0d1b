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
    /// The user's arm, a pure function of salt, arms and user, as GrowthBook splits traffic: the hash with the salt as its seed gives the user one of 10,000
    /// places, and the arms own consecutive ranges of places in the plan's order, as wide as their shares. Anyone can compute it from the plan alone.
    /// </summary>
    public Arm Assign(UserId user)
    {
        var place = GrowthBookHash.Bucket(Salt, user.Value);
        var end = 0;
        foreach (var arm in Arms)
        {
            end += arm.BasisPoints;
            if (place < end)
                return arm;
        }
        throw new InvalidOperationException($"The shares of rollout {Rollout} sum to {end}; apply a plan whose shares sum to {WholeTraffic}.");
    }
}
