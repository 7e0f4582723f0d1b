using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>A plan with every arm's version loaded: what is swapped as one value.</summary>
/// <param name="Plan">As announced.</param>
/// <param name="Arms">Every arm of the plan.</param>
/// <param name="Shadows">Adapter lines ranked beside, by line.</param>
public sealed record ServedPlan(RolloutPlan Plan, IReadOnlyDictionary<ArmName, ServedVersion> Arms, IReadOnlyDictionary<LineName, ServedVersion> Shadows)
{
    /// <summary>Keeps the versions that rank for <paramref name="user"/> alive.</summary>
    /// <returns>Null where one was let go meanwhile: a newer plan is in place, ask that.</returns>
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

/// <summary>One user's arm, with its version and the shadows' held until the ranking is done.</summary>
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
