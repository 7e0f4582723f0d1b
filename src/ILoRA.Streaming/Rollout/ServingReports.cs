using ILoRA.Streaming.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Rollout;

/// <summary>A report and how long ago it was written, by Redis's clock alone.</summary>
public readonly record struct StoredReport(ServingReport Report, TimeSpan Age)
{
    /// <summary>The worker has missed several reports: it has ended, or cannot reach Redis.</summary>
    public bool IsStale => Age > ServingReports.Fresh;
}

/// <summary>
/// The inference workers' reports in Redis: one value a worker, which expires when the worker no longer writes it, and a set of the
/// workers' names.
/// </summary>
public sealed class ServingReports(IConnectionMultiplexer redis, IOptions<RedisOptions> options)
{
    /// <summary>How often a worker reports where nothing changes.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Three periods.</summary>
    public static readonly TimeSpan Fresh = 3 * Period;

    /// <summary>A worker that ended without taking its report back is shown, as stale, until then.</summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromMinutes(5);

    private readonly SequenceKeys keys = new(options.Value.KeyPrefix);

    public async Task WriteAsync(ServingReport report)
    {
        var database = redis.GetDatabase();
        await database.StringSetAsync(keys.Serving(report.Worker), report.Write(), Expiry);
        await database.SetAddAsync(keys.ServingWorkers, report.Worker);
    }

    /// <summary>Takes a worker's report back, as it stops.</summary>
    public async Task RemoveAsync(string worker)
    {
        var database = redis.GetDatabase();
        await database.KeyDeleteAsync(keys.Serving(worker));
        await database.SetRemoveAsync(keys.ServingWorkers, worker);
    }

    /// <summary>All reports that have not expired, by worker.</summary>
    public async Task<IReadOnlyList<StoredReport>> ReadAsync()
    {
        var database = redis.GetDatabase();
        var reports = new List<StoredReport>();
        foreach (var name in await database.SetMembersAsync(keys.ServingWorkers))
        {
            var stored = await database.StringGetWithExpiryAsync(keys.Serving(name!));
            if (stored.Value.IsNull)
                await database.SetRemoveAsync(keys.ServingWorkers, name);
            else if (ServingReport.Read((byte[])stored.Value!) is { } report)
                reports.Add(new(report, Expiry - (stored.Expiry ?? Expiry)));
        }
        return [.. reports.OrderBy(report => report.Report.Worker, StringComparer.Ordinal)];
    }
}
