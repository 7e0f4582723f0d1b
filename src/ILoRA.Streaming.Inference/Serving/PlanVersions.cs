using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>The announced version of each arm and each shadow line of a plan.</summary>
/// <param name="Arms">The version of every arm.</param>
/// <param name="Shadows">The newest version of each shadow line that has one; the other shadow lines are not ranked.</param>
public sealed record PlanVersions(IReadOnlyDictionary<ArmName, AdapterManifest> Arms,
    IReadOnlyDictionary<LineName, AdapterManifest> Shadows)
{
    /// <summary>Selects the versions of a plan.</summary>
    /// <param name="plan">The plan; each arm pins a version or follows the newest of an adapter line.</param>
    /// <param name="announced">The announced versions that were not refused.</param>
    /// <param name="missing">The reason why the plan cannot be served; empty where it can.</param>
    /// <returns>The versions; null where an arm has none.</returns>
    public static PlanVersions? Of(RolloutPlan plan, IReadOnlyCollection<AdapterManifest> announced, out string missing)
    {
        missing = "";
        var arms = new Dictionary<ArmName, AdapterManifest>();
        foreach (var arm in plan.Arms)
        {
            if (Find(arm.Line, arm.Version, announced) is { } manifest)
                arms[arm.Name] = manifest;
            else
                missing = arm.Version is { } version
                    ? $"arm {arm.Name} pins {arm.Line}/{version}, which is not announced or was refused"
                    : $"arm {arm.Name} follows line {arm.Line}, which has no usable version";
        }
        if (missing.Length > 0)
            return null;
        var shadows = (plan.Shadow ?? []).Distinct().Select(line => Find(line, null, announced)).OfType<AdapterManifest>();
        return new PlanVersions(arms, shadows.ToDictionary(manifest => manifest.Line));
    }

    /// <summary>The versions to load, without duplicates.</summary>
    public IEnumerable<AdapterManifest> Needed() => Arms.Values.Concat(Shadows.Values).DistinctBy(manifest => manifest.Key);

    private static AdapterManifest? Find(LineName line, AdapterVersion? version, IReadOnlyCollection<AdapterManifest> announced) =>
        version is { } pinned
            ? announced.FirstOrDefault(manifest => manifest.Line == line && manifest.Version == pinned)
            : AdapterRegistry.Newest(announced, line);
}
