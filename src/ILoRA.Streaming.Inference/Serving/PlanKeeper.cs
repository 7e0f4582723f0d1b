using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>
/// Loads the versions of a rollout plan and replaces the served plan when all of them are loaded and verified. Until then, and where a
/// version is refused, the previous plan stays in service. A version with invalid content is refused permanently; one with parts missing
/// from the store is tried again.
/// </summary>
public sealed class PlanKeeper(
    Func<AdapterManifest, CancellationToken, Task<ServedVersion>> load, TimeProvider time, ILogger<PlanKeeper> logger) : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly VersionCache cache = new();
    private PlanStatus status = PlanStatus.Nothing;
    // By line/version: why the version was incomplete at the last call.
    private Dictionary<string, string> incomplete = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The plan that is served, the plan that is pending and the refused versions.</summary>
    public PlanStatus Status => Volatile.Read(ref status);

    /// <summary>
    /// Completes at the next change of <see cref="Status"/>. Get it before reading the status, so that no change is missed.
    /// </summary>
    public Task NextChange => Volatile.Read(ref changed).Task;

    /// <summary>
    /// Completes when <see cref="FollowAsync"/> should be called again because parts were missing; never where none were.
    /// </summary>
    public Task NextTry { get; private set; } = Never;

    /// <summary>The plan that is served; null before the first.</summary>
    public ServedPlan? Current => Status.Served;

    /// <summary>Serves <paramref name="plan"/> with the newest announced versions that can be loaded. Not thread-safe.</summary>
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
            // While missing parts are retried, the status keeps naming them.
            if (Current?.Plan != plan && (before.Count == 0 || Status.Pending is not { } pending || !IsOf(plan, pending)))
                Set(Status with { Pending = new(plan.Rollout, plan.Revision, "its versions are being loaded") });
            // Where a version cannot be loaded, the newest usable version is another one, so the loop selects again.
            if (await LoadAllAsync(wanted, before, cancel))
            {
                Swap(plan, wanted);
                break;
            }
        }
        NextTry = incomplete.Count > 0 ? Task.Delay(RetryInterval, time, cancel) : Never;
    }

    private static bool IsOf(RolloutPlan plan, PendingPlan pending) => pending.Rollout == plan.Rollout && pending.Revision == plan.Revision;

    private PendingPlan? Incomplete(RolloutPlan plan) =>
        incomplete.Count == 0 ? null : new(plan.Rollout, plan.Revision, string.Join("; ", incomplete.Values));

    /// <summary>Leases the user's arm of the plan that is served; null where none is served yet.</summary>
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
        PlanLog.Serves(logger, plan.Rollout, plan.Revision,
            string.Join(", ", served.Arms.Select(arm => $"{arm.Key} = {arm.Value.Version}")));
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
