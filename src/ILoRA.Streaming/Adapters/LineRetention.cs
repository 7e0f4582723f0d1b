using ILoRA.Streaming.Events;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Adapters;

/// <summary>Which versions of a line have had their time: a line that publishes every ten seconds would fill the store otherwise.</summary>
public static class LineRetention
{
    /// <summary>
    /// Only versions that a trainer made from the stream are looked at: one that was published by hand stays until it is taken back by
    /// hand.
    /// </summary>
    /// <param name="registry">All versions.</param>
    /// <param name="plans">Whose pinned versions stay, however old.</param>
    /// <param name="line">The line.</param>
    /// <param name="keep">How many of its newest versions stay.</param>
    /// <returns>Versions that may go, oldest first.</returns>
    public static IReadOnlyList<AdapterManifest> Outdated(AdapterRegistry registry, RolloutRegistry plans, LineName line, int keep)
    {
        var pinned = plans.Plans.SelectMany(plan => plan.Arms).Select(arm => arm.Version).OfType<AdapterVersion>().ToHashSet();
        return [.. registry.Versions(line).Where(manifest => manifest.Offsets.Count > 0).SkipLast(keep)
            .Where(manifest => !pinned.Contains(manifest.Version))];
    }
}
