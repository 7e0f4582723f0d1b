using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Which announced version each arm and each shadow line of a plan takes.</summary>
/// <param name="Arms">Every arm of the plan.</param>
/// <param name="Shadows">The shadow lines that name an adapter line with a version; the others are not ranked.</param>
public sealed record PlanVersions(IReadOnlyDictionary<ArmName, AdapterManifest> Arms, IReadOnlyDictionary<LineName, AdapterManifest> Shadows)
{
    /// <param name="plan">Pins versions or follows lines.</param>
    /// <param name="announced">The manifests that were announced and not refused.</param>
    /// <param name="missing">What keeps the plan from being served; empty where nothing does.</param>
    /// <returns>Null where an arm has no version.</returns>
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

    /// <summary>Every version that must be loaded, once.</summary>
    public IEnumerable<AdapterManifest> Needed() => Arms.Values.Concat(Shadows.Values).DistinctBy(manifest => manifest.Key);

    private static AdapterManifest? Find(LineName line, AdapterVersion? version, IReadOnlyCollection<AdapterManifest> announced) =>
        version is { } pinned
            ? announced.FirstOrDefault(manifest => manifest.Line == line && manifest.Version == pinned)
            : AdapterRegistry.Newest(announced, line);
}
