using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>
/// Brings a plan into service: loads what it needs, and swaps it in as one value only when every arm's version is there and fits. Until then, or
/// where a version is refused, the plan before it goes on serving. A version with wrong content is refused for good, one whose parts are not in
/// the store is looked for again.
/// </summary>
public sealed class PlanKeeper(
    Func<AdapterManifest, CancellationToken, Task<ServedVersion>> load, TimeProvider time, ILogger<PlanKeeper> logger) : IDisposable
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(30);
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly VersionCache cache = new();
    private PlanStatus status = PlanStatus.Nothing;
    // Why versions are incomplete, by line/version, as the last call found it.
    private Dictionary<string, string> incomplete = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is served now, and what is not.</summary>
    public PlanStatus Status => Volatile.Read(ref status);

    /// <summary>Ends with the next change of <see cref="Status"/>. Take it before reading the status, so that no change is missed.</summary>
    public Task NextChange => Volatile.Read(ref changed).Task;

    /// <summary>Ends when parts that were not in the store should be looked for again by another call; never where none were missing.</summary>
    public Task NextTry { get; private set; } = Never;

    /// <summary>What is served now; null before the first plan could be.</summary>
    public ServedPlan? Current => Status.Served;

    /// <summary>Serves <paramref name="plan"/> with the newest announced versions, as far as they can be loaded. One call at a time.</summary>
    public async Task FollowAsync(RolloutPlan plan, IReadOnlyCollection<AdapterManifest> announced, CancellationToken cancel)
    {
        Set(Status with { Refused = Status.Refused.RemoveRange(Status.Refused.Keys.Except(announced.Select(manifest => manifest.Key))) });
        var before = incomplete;
        incomplete = new(StringComparer.Ordinal);
        while (true)
        {
            var usable = announced.ExceptBy(Status.Refused.Keys.Concat(incomplete.Keys), manifest => manifest.Key).ToList();
            if (PlanVersions.Of(plan, usable, out var missing) is not { } wanted)
            {
                NotServed(plan, Incomplete(plan) ?? new(plan.Rollout, plan.Revision, missing));
                break;
            }
            // While parts are looked for again, the status goes on saying which.
            if (Current?.Plan != plan && (before.Count == 0 || Status.Pending is not { } pending || !IsOf(plan, pending)))
                Set(Status with { Pending = new(plan.Rollout, plan.Revision, "its versions are being loaded") });
            // A version that cannot be served changes what "newest" means, so look again.
            if (await LoadAllAsync(wanted, before, cancel))
            {
                Swap(plan, wanted);
                break;
            }
        }
        NextTry = incomplete.Count > 0 ? Task.Delay(TryEvery, time, cancel) : Never;
    }

    private static bool IsOf(RolloutPlan plan, PendingPlan pending) => pending.Rollout == plan.Rollout && pending.Revision == plan.Revision;

    private PendingPlan? Incomplete(RolloutPlan plan) =>
        incomplete.Count == 0 ? null : new(plan.Rollout, plan.Revision, string.Join("; ", incomplete.Values));

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

    private async Task<bool> LoadAllAsync(PlanVersions wanted, Dictionary<string, string> before, CancellationToken cancel)
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
            catch (MissingPartException missing)
            {
                incomplete[manifest.Key] = missing.Message;
                if (!before.ContainsKey(manifest.Key))
                    PlanLog.Incomplete(logger, manifest.Key, missing.Message);
                return false;
            }
            catch (InvalidDataException wrong)
            {
                Set(Status with { Refused = Status.Refused.SetItem(manifest.Key, wrong.Message) });
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
        {
            Set(Status with { Pending = Incomplete(plan) });
            return;
        }
        Set(Status with { Served = served, Pending = Incomplete(plan) });
        cache.KeepOnly([.. wanted.Needed().Select(manifest => manifest.Key)]);
        PlanLog.Serves(logger, plan.Rollout, plan.Revision, string.Join(", ", served.Arms.Select(arm => $"{arm.Key} = {arm.Value.Version}")));
    }

    private static bool Same<TKey>(IReadOnlyDictionary<TKey, ServedVersion> before, IReadOnlyDictionary<TKey, ServedVersion> after) =>
        before.Count == after.Count && after.All(entry => before.TryGetValue(entry.Key, out var version) && version == entry.Value);

    private void NotServed(RolloutPlan plan, PendingPlan pending)
    {
        if (pending == Status.Pending)
            return;
        Set(Status with { Pending = pending });
        var serving = Current is { } kept ? $"{kept.Plan.Rollout} {kept.Plan.Revision}" : "fallbacks";
        PlanLog.NotServed(logger, plan.Rollout, plan.Revision, pending.Reason, serving);
    }

    private void Set(PlanStatus next)
    {
        if (next == Status)
            return;
        Volatile.Write(ref status, next);
        Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public void Dispose()
    {
        Volatile.Write(ref status, PlanStatus.Nothing);
        cache.Dispose();
    }
}
