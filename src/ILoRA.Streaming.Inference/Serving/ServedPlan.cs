using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>A rollout plan with the loaded version of every arm, immutable.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Arms">The version of every arm.</param>
/// <param name="Shadows">The versions of the shadow lines.</param>
public sealed record ServedPlan(RolloutPlan Plan, IReadOnlyDictionary<ArmName, ServedVersion> Arms,
    IReadOnlyDictionary<LineName, ServedVersion> Shadows)
{
    /// <summary>
    /// Leases the versions that rank for <paramref name="user"/>, so that they are not freed before the lease is disposed.
    /// </summary>
    /// <returns>Null where one was freed already because a newer plan is served.</returns>
    internal PlanLease? TryLease(UserId user)
    {
        var arm = Plan.Assign(user);
        var held = new List<ServedVersion>();
        foreach (var version in Shadows.Values.Prepend(Arms[arm.Name]))
        {
            if (version.TryHold())
            {
                held.Add(version);
                continue;
            }
            held.ForEach(earlier => earlier.Release());
            return null;
        }
        return new PlanLease(this, arm, held);
    }
}

/// <summary>One user's arm of a plan. Its version and the shadow versions are not freed until the lease is disposed.</summary>
internal sealed class PlanLease(ServedPlan plan, Arm arm, IReadOnlyList<ServedVersion> held) : IDisposable
{
    public ServedPlan Plan => plan;

    public Arm Arm => arm;

    public ServedVersion Version => plan.Arms[arm.Name];

    public void Dispose()
    {
        foreach (var version in held)
            version.Release();
    }
}
