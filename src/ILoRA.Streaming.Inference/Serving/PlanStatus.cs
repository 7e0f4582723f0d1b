using System.Collections.Immutable;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>What is served and what is not, as one value.</summary>
/// <param name="Served">Null before the first plan could be.</param>
/// <param name="Pending">The plan that should be served, and why it is not yet; null where it is.</param>
/// <param name="Refused">Why announced versions were refused, by line/version.</param>
public sealed record PlanStatus(ServedPlan? Served, PendingPlan? Pending, ImmutableDictionary<string, string> Refused)
{
    public static PlanStatus Nothing { get; } = new(null, null, ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));
}
