using System.Globalization;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Rules;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>
/// Reports which plan and versions this worker serves, to Redis for 'ilora rollout show' and as metrics: at each change, and every ten
/// seconds.
/// </summary>
public sealed class ServingReporter(
    PlanKeeper keeper, CatalogueFeed items, LivePopularity live, ServingReports reports, Dependencies dependencies, TimeProvider time,
    ILogger<ServingReporter> logger) : WorkerService
{
    /// <summary>The number of clicked items from which the known share of them is significant.</summary>
    private const int MinClicked = 20;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);
    private readonly string worker = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");
    private readonly HashSet<LineName> warned = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ServingReports.Period, time);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            var change = keeper.NextChange;
            await TryAsync(() => reports.WriteAsync(Report(keeper.Status)), stoppingToken);
            await Task.WhenAny(change, tick);
            if (tick.IsCompletedSuccessfully)
                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(StopLimit, time);
        await TryAsync(() => reports.RemoveAsync(worker), limit.Token);
    }

    private ServingReport Report(PlanStatus status)
    {
        var report = new ServingReport
        {
            Worker = worker,
            Time = time.GetUtcNow(),
            Plan = status.Served is { Plan: var plan } ? new(plan.Rollout, plan.Revision) : null,
            Arms = status.Served is { } served ? [.. served.Plan.Arms.Select(arm => Arm(arm.Name, served.Arms[arm.Name]))] : [],
            Pending = status.Pending,
            Refused = status.Refused,
        };
        InferenceMetrics.Pending.Record(report.Pending is null ? 0 : 1);
        return report;
    }

    private ServedArm Arm(ArmName arm, ServedVersion version)
    {
        var catalogue = ListingMask.Of(items.Catalogue).NewestFirst();
        var coverage = VersionCoverage.Of(version.Snapshot.Items, catalogue, live.Recent());
        Record(arm, "catalogue", coverage.ItemShare);
        Record(arm, "clicked", coverage.ClickedShare);
        // New versions of an adapter line appear every few seconds, so the warning is logged once, and again only after a version without
        // one.
        if (coverage.Warning($"{version.Line}/{version.Version}") is not { } warning)
            warned.Remove(version.Line);
        else if ((coverage.ItemShare < VersionCoverage.Least || coverage.Clicked >= MinClicked) && warned.Add(version.Line))
            PlanLog.KnowsLittle(logger, warning);
        return new ServedArm(arm, version.Line, version.Version, coverage.ItemShare, coverage.ClickedShare);
    }

    private static void Record(ArmName arm, string of, double? share)
    {
        if (share is { } known)
            InferenceMetrics.Known.Record(known, new("arm", arm.Value), new KeyValuePair<string, object?>("of", of));
    }

    /// <summary>Runs a call to Redis; its failure does not stop serving.</summary>
    private async Task TryAsync(Func<Task> call, CancellationToken cancel)
    {
        try
        {
            await call().WaitAsync(cancel);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            dependencies.Redis.Failed($"the report of what is served was not written: {Dependency.Brief(error)}");
        }
        catch (OperationCanceledException)
        {
            // The worker stops.
        }
    }
}
