using System.Collections.Immutable;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>The state of a <see cref="PlanKeeper"/>, immutable.</summary>
/// <param name="Served">The plan that is served; null before the first.</param>
/// <param name="Pending">The plan that is not served yet, with the reason; null where there is none.</param>
/// <param name="Refused">The reason for each refused version, by line/version.</param>
public sealed record PlanStatus(ServedPlan? Served, PendingPlan? Pending, ImmutableDictionary<string, string> Refused)
{
    /// <summary>No plan is served.</summary>
    public static PlanStatus Nothing { get; } = new(null, null, ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));
}
