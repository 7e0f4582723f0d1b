using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary>Whether workers could serve a plan with what has been announced.</summary>
internal static class PlanReview
{
    // Ranked beside the arms without an adapter of their own.
    private static readonly LineName[] BuiltIn = [new("encoder"), new("popular")];

    /// <summary>The first line or version that nobody announced, and the nearest one that somebody did; null where all are known.</summary>
    public static string? Unknown(RolloutPlan plan, AdapterRegistry adapters)
    {
        foreach (var arm in plan.Arms)
        {
            if (!adapters.Lines.Contains(arm.Line))
                return $"arm {arm.Name}: no version of line {arm.Line} was announced{Nearest(arm.Line.Value, Names(adapters.Lines))}";
            if (arm.Version is not { } version || adapters.Find(arm.Line, version) is not null)
                continue;
            var versions = adapters.Versions(arm.Line).Select(known => known.Version.Value);
            return $"arm {arm.Name}: version {version} of line {arm.Line} was never announced{Nearest(version.Value, versions)}";
        }
        foreach (var line in (plan.Shadow ?? []).Except(BuiltIn).Except(adapters.Lines))
            return $"shadow: no version of line {line} was announced{Nearest(line.Value, Names([.. adapters.Lines, .. BuiltIn]))}";
        return null;
    }

    /// <summary>The version that each arm would serve now, once.</summary>
    public static IEnumerable<AdapterManifest> Versions(RolloutPlan plan, AdapterRegistry adapters) => plan.Arms
        .Select(arm => arm.Version is { } version ? adapters.Find(arm.Line, version) : adapters.Newest(arm.Line))
        .OfType<AdapterManifest>().DistinctBy(manifest => manifest.Key);

    private static IEnumerable<string> Names(IEnumerable<LineName> lines) => lines.Select(line => line.Value);

    // The nearest of all, however far: it is at least an example of what there is.
    private static string Nearest(string given, IEnumerable<string> known) =>
        known.MinBy(name => NearestName.Distance(given, name)) is { } nearest
            ? $"; the nearest known is {nearest}"
            : "; none is known, see 'ilora adapters publish'";
}
