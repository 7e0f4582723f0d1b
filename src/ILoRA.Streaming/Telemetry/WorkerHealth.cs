using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ILoRA.Streaming.Telemetry;

/// <summary>What the workers of this process report; answers <c>/health/live</c> and <c>/health/ready</c>.</summary>
public sealed class WorkerHealth(TimeProvider time, Dependencies dependencies)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, long> polled = new();
    private readonly ConcurrentDictionary<string, int> partitions = new();
    private readonly ConcurrentDictionary<string, string> waiting = new();

    /// <summary>The servers that this process needs.</summary>
    public Dependencies Dependencies => dependencies;

    public void Polled(string worker) => polled[worker] = time.GetTimestamp();

    public void Assigned(string worker, int count) => partitions[worker] = count;

    /// <summary>A reason why the worker cannot serve yet; null takes it back.</summary>
    public void Waiting(string worker, string? reason)
    {
        if (reason is null)
            waiting.TryRemove(worker, out _);
        else
            waiting[worker] = reason;
    }

    /// <summary>Alive unless a worker has not polled for a minute.</summary>
    public HealthCheckResult Live() =>
        polled.ToArray().FirstOrDefault(worker => time.GetElapsedTime(worker.Value) > Silence) is { Key: { } stuck }
            ? HealthCheckResult.Unhealthy($"{stuck} has not polled for {Silence.TotalSeconds:F0} s")
            : HealthCheckResult.Healthy();

    /// <summary>Ready when no worker waits, else all reasons; <see cref="Of"/> says whether the servers answer.</summary>
    public HealthCheckResult Ready()
    {
        // Sorting asks a dictionary for its size and then for its content, between which a worker may come or go; a copy is taken at once.
        var reasons =
            waiting.ToArray().OrderBy(worker => worker.Key, StringComparer.Ordinal).Select(worker => $"{worker.Key}: {worker.Value}")
                .ToArray();
        return reasons.Length > 0
            ? HealthCheckResult.Unhealthy(string.Join("; ", reasons))
            : HealthCheckResult.Healthy(string.Join(", ", partitions.ToArray().Select(p => $"{p.Key} has {p.Value} partitions")));
    }

    /// <summary>Healthy while the server answers.</summary>
    public static HealthCheckResult Of(Dependency dependency) =>
        dependency.Unreachable is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy();
}
