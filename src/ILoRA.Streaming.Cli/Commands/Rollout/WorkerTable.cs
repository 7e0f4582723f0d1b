using System.Globalization;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Rollout;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary>Workers' reports for people.</summary>
internal static class WorkerTable
{
    public static Table Of(IReadOnlyList<StoredReport> workers)
    {
        var table = Report.Table("worker", "reported", "rollout", "arm", "version", "items known", "clicked known", "not served");
        foreach (var stored in workers)
        {
            var report = stored.Report;
            var plan = report.Plan is { } served ? $"{served.Rollout} {served.Revision}" : "none (fallback lists)";
            string[] worker = [report.Worker, Age(stored), plan, NotServed(report)];
            foreach (var arm in report.Arms.DefaultIfEmpty(null))
            {
                string[] version = arm is null ? ["-", "-"] : [arm.Arm.Value, $"{arm.Line}/{arm.Version}"];
                string[] row = [.. worker[..3], .. version, Share(arm?.ItemsKnown), Share(arm?.ClickedKnown), worker[3]];
                table.AddRow([.. row.Select(Markup.Escape)]);
                worker = ["", "", "", ""];
            }
        }
        return table;
    }

    /// <summary>How many of the workers that report serve this plan.</summary>
    public static string ServedBy(RolloutPlan plan, IReadOnlyList<StoredReport>? workers)
    {
        if (workers is null)
            return "unknown";
        var reporting = workers.Where(worker => !worker.IsStale).ToArray();
        var serving = reporting.Count(worker => worker.Report.IsOf(plan));
        return $"{serving} of {reporting.Length}";
    }

    private static string Age(StoredReport stored) =>
        string.Create(CultureInfo.InvariantCulture, $"{stored.Age.TotalSeconds:F0} s ago") + (stored.IsStale ? " (stale)" : "");

    private static string Share(double? share) =>
        share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:F0} %") : "-";

    private static string NotServed(ServingReport report)
    {
        var reasons = report.Refused.Select(refused => $"{refused.Key}: {refused.Value}");
        return string.Join("; ",
            report.Pending is { } pending ? reasons.Prepend($"{pending.Rollout} {pending.Revision}: {pending.Reason}") : reasons);
    }
}

/// <summary>A worker's report as <c>--json</c> writes it.</summary>
internal sealed record WorkerReport(
    string Worker, DateTimeOffset Time, double AgeSeconds, bool Stale, string? Rollout, long? Revision, IReadOnlyList<WorkerArm> Arms,
    WorkerPending? Pending, IReadOnlyDictionary<string, string> Refused)
{
    public static WorkerReport Of(StoredReport stored)
    {
        var (report, age) = (stored.Report, Math.Round(stored.Age.TotalSeconds, 1));
        return new(report.Worker, report.Time, age, stored.IsStale, report.Plan?.Rollout.Value, report.Plan?.Revision,
            [.. report.Arms.Select(
                arm => new WorkerArm(arm.Arm.Value, arm.Line.Value, arm.Version.Value, arm.ItemsKnown, arm.ClickedKnown))],
            report.Pending is { } pending ? new(pending.Rollout.Value, pending.Revision, pending.Reason) : null, report.Refused);
    }
}

internal sealed record WorkerArm(string Arm, string Line, string Version, double? ItemsKnown, double? ClickedKnown);

internal sealed record WorkerPending(string Rollout, long Revision, string Reason);
