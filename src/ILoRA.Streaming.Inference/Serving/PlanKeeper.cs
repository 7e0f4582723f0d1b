using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>
/// Brings a plan into service: loads what it needs, and swaps it in as one value only when every arm's version is there and fits. Until then, or
/// where a version is refused, the plan before it goes on serving.
/// </summary>
public sealed class PlanKeeper(Func<AdapterManifest, CancellationToken, Task<ServedVersion>> load, ILogger<PlanKeeper> logger) : IDisposable
{
    private readonly VersionCache cache = new();
    private readonly Dictionary<string, string> refused = new(StringComparer.Ordinal);
    private ServedPlan? current;
    private string? reported;

    /// <summary>What is served now; null before the first plan could be.</summary>
    public ServedPlan? Current => Volatile.Read(ref current);

    /// <summary>Why versions were refused, by line/version.</summary>
    public IReadOnlyDictionary<string, string> Refused => refused;

    /// <summary>Serves <paramref name="plan"/> with the newest announced versions, as far as they can be loaded. One call at a time.</summary>
    public async Task FollowAsync(RolloutPlan plan, IReadOnlyCollection<AdapterManifest> announced, CancellationToken cancel)
    {
        while (true)
        {
            var usable = announced.Where(manifest => !refused.ContainsKey(manifest.Key)).ToList();
            if (PlanVersions.Of(plan, usable, out var missing) is not { } wanted)
            {
                ReportOnce(plan, missing);
                return;
            }
            // A refused version changes what "newest" means, so look again.
            if (await LoadAllAsync(wanted, cancel))
            {
                Swap(plan, wanted);
                return;
            }
        }
    }

    /// <summary>Holds the user's arm in the plan of this moment; null where none is served yet.</summary>
    internal PlanLease? Lease(UserId user)
    {
        while (Current is { } plan)
        {
            if (plan.TryLease(user) is { } lease)
                return lease;
        }
        return null;
    }

    private async Task<bool> LoadAllAsync(PlanVersions wanted, CancellationToken cancel)
    {
        foreach (var manifest in wanted.Needed())
        {
            if (cache.Find(manifest.Key) is not null)
                continue;
            try
            {
                cache.Add(manifest.Key, await load(manifest, cancel));
                PlanLog.Loaded(logger, manifest.Key);
            }
            catch (InvalidDataException wrong)
            {
                refused[manifest.Key] = wrong.Message;
                InferenceMetrics.Refused.Add(1, new KeyValuePair<string, object?>("line", manifest.Line.Value));
                PlanLog.Refused(logger, manifest.Key, wrong.Message);
                return false;
            }
        }
        return true;
    }

    private void Swap(RolloutPlan plan, PlanVersions wanted)
    {
        var served = new ServedPlan(
            plan,
            wanted.Arms.ToDictionary(arm => arm.Key, arm => cache.Find(arm.Value.Key)!),
            wanted.Shadows.ToDictionary(shadow => shadow.Key, shadow => cache.Find(shadow.Value.Key)!));
        if (Current is { } before && before.Plan == plan && Same(before.Arms, served.Arms) && Same(before.Shadows, served.Shadows))
            return;
        Volatile.Write(ref current, served);
        reported = null;
        cache.KeepOnly([.. wanted.Needed().Select(manifest => manifest.Key)]);
        PlanLog.Serves(logger, plan.Rollout, plan.Revision, string.Join(", ", served.Arms.Select(arm => $"{arm.Key} = {arm.Value.Version}")));
    }

    private static bool Same<TKey>(IReadOnlyDictionary<TKey, ServedVersion> before, IReadOnlyDictionary<TKey, ServedVersion> after) =>
        before.Count == after.Count && after.All(entry => before.TryGetValue(entry.Key, out var version) && version == entry.Value);

    private void ReportOnce(RolloutPlan plan, string missing)
    {
        var report = $"{plan.Rollout} {plan.Revision}: {missing}";
        if (report == reported)
            return;
        reported = report;
        PlanLog.NotServed(logger, plan.Rollout, plan.Revision, missing, Current is { } kept ? $"{kept.Plan.Rollout} {kept.Plan.Revision}" : "fallbacks");
    }

    public void Dispose()
    {
        Volatile.Write(ref current, null);
        cache.Dispose();
    }
}
