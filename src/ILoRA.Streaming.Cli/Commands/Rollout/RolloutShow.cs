using System.CommandLine;
using System.Text.Json;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Options;
using Spectre.Console;
using Spectre.Console.Rendering;
using StackExchange.Redis;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary><c>ilora rollout show</c></summary>
internal static class RolloutShow
{
    private const string Description = """
        The plans, the one applied last first, and what each inference worker really serves

        Workers report to Redis every ten seconds; one that has been silent for thirty is marked as stale and after five minutes left
        out. A worker that cannot load every arm of a plan goes on with the one it has and says why.
        """;

    public static Command Create()
    {
        var command = new DocumentedCommand("show", Description, "ilora rollout show --json") { Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (cluster, error) = (new Cluster(parsed), parsed.InvocationConfiguration.Error);
        var registry = Registries.Rollouts(cluster.ReachKafka(), error, cancellation);
        var workers = await WorkersAsync(cluster, error);
        JsonElement[] plans = [.. registry.Plans.Select(JsonOf)];
        var document = new RolloutReport(JsonOf(registry.Serving), plans, workers?.Select(WorkerReport.Of).ToArray());
        new Report(parsed).Write(document, _ => Show(registry, workers));
        return workers is null ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Null, with a line on standard error, where Redis does not answer: the plans are shown all the same.</summary>
    private static async Task<IReadOnlyList<StoredReport>?> WorkersAsync(Cluster cluster, TextWriter error)
    {
        try
        {
            using var redis = cluster.ConnectRedis();
            return await new ServingReports(redis, Options.Create(cluster.Redis)).ReadAsync();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            await error.WriteLineAsync($"ilora rollout show: what workers serve is unknown. {failure.Message.ReplaceLineEndings(" ")}");
            return null;
        }
    }

    private static Rows Show(RolloutRegistry registry, IReadOnlyList<StoredReport>? workers)
    {
        var shown = new List<IRenderable> { Plans(registry, workers) };
        if (workers is { Count: > 0 })
            shown.Add(WorkerTable.Of(workers));
        else if (workers is not null)
            shown.Add(new Text("No inference worker reports that it serves anything."));
        return new Rows(shown);
    }

    private static Table Plans(RolloutRegistry registry, IReadOnlyList<StoredReport>? workers)
    {
        var table = Report.Table("rollout", "revision", "served by", "stage", "arm", "line", "version", "share", "by", "reason");
        var plans = registry.Plans.Count > 0 ? registry.Plans.Reverse() : [registry.Serving];
        foreach (var plan in plans)
            foreach (var arm in plan.Arms)
                table.AddRow(new[]
                {
                    plan.Rollout.Value, $"{plan.Revision}", WorkerTable.ServedBy(plan, workers), plan.Stage, arm.Name.Value, arm.Line.Value,
                    arm.Version?.Value ?? "newest", $"{arm.BasisPoints / 100.0:0.##} %", plan.By, plan.Reason,
                }.Select(Markup.Escape).ToArray());
        return table;
    }

    private static JsonElement JsonOf(RolloutPlan plan) => JsonDocument.Parse(EventJson.Write(plan)).RootElement;

    /// <param name="Applied">The plan that workers should serve.</param>
    /// <param name="Plans">All known ones.</param>
    /// <param name="Workers">What they really serve; absent where Redis does not answer.</param>
    private sealed record RolloutReport(JsonElement Applied, IReadOnlyList<JsonElement> Plans, IReadOnlyList<WorkerReport>? Workers);
}
