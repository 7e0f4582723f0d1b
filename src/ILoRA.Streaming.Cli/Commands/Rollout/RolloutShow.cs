using System.CommandLine;
using System.Text.Json;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Rollout;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary><c>ilora rollout show</c></summary>
internal static class RolloutShow
{
    public static Command Create()
    {
        var command = new DocumentedCommand("show", "The plan that is served, and the others", "ilora rollout show --json") { Report.JsonOption };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var registry = Registries.Rollouts(new Cluster(parsed).ReachKafka(), parsed.InvocationConfiguration.Error, cancellation);
        var document = new RolloutReport(JsonOf(registry.Serving), [.. registry.Plans.Select(JsonOf)]);
        new Report(parsed).Write(document, _ => Show(registry));
        return ExitCode.Done;
    }

    private static Table Show(RolloutRegistry registry)
    {
        var table = Report.Table("rollout", "revision", "stage", "arm", "line", "version", "share", "by", "reason");
        var plans = registry.Plans.Count > 0 ? registry.Plans.Reverse() : [registry.Serving];
        foreach (var plan in plans)
            foreach (var arm in plan.Arms)
                table.AddRow(new[]
                {
                    plan.Rollout.Value + (plan == registry.Serving ? " (served)" : ""), $"{plan.Revision}", plan.Stage, arm.Name.Value, arm.Line.Value,
                    arm.Version?.Value ?? "newest", $"{arm.BasisPoints / 100.0:0.##} %", plan.By, plan.Reason,
                }.Select(Markup.Escape).ToArray());
        return table;
    }

    private static JsonElement JsonOf(RolloutPlan plan) => JsonDocument.Parse(EventJson.Write(plan)).RootElement;

    private sealed record RolloutReport(JsonElement Serving, IReadOnlyList<JsonElement> Plans);
}
