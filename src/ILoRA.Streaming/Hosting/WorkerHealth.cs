using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace ILoRA.Streaming.Hosting;

/// <summary>What the workers of this process report; answers <c>/health/live</c> and <c>/health/ready</c>.</summary>
public sealed class WorkerHealth(TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, long> polled = new();
    private readonly ConcurrentDictionary<string, int> partitions = new();
    private readonly ConcurrentDictionary<string, string> waiting = new();

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
        polled.FirstOrDefault(worker => time.GetElapsedTime(worker.Value) > Silence) is { Key: { } stuck }
            ? HealthCheckResult.Unhealthy($"{stuck} has not polled for {Silence.TotalSeconds:F0} s")
            : HealthCheckResult.Healthy();

    /// <summary>Ready when every worker polls, no one waits and Redis answers.</summary>
    public HealthCheckResult Ready(IConnectionMultiplexer redis) => this switch
    {
        _ when waiting.FirstOrDefault() is { Key: { } worker } found => HealthCheckResult.Unhealthy($"{worker}: {found.Value}"),
        _ when !redis.IsConnected => HealthCheckResult.Unhealthy("Redis does not answer"),
        _ => HealthCheckResult.Healthy(string.Join(", ", partitions.Select(p => $"{p.Key} has {p.Value} partitions"))),
    };
}
