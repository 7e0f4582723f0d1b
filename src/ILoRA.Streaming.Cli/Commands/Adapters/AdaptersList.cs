using System.CommandLine;
using System.Globalization;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Lifetime;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters list</c></summary>
internal static class AdaptersList
{
    private static readonly Option<string?> Line = new("--line") { Description = "Only this line's versions", HelpName = "NAME" };

    public static Command Create()
    {
        var command =
            new DocumentedCommand("list", "The announced versions, by line, oldest first",
                "ilora adapters list --line online --json") { Line, Report.JsonOption };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var registry = Registries.Adapters(new Cluster(parsed).ReachKafka(), parsed.InvocationConfiguration.Error, cancellation);
        var wanted = parsed.GetValue(Line);
        var versions = registry.Lines.Where(line => wanted is null || line.Value == wanted).SelectMany(registry.Versions).ToArray();
        new Report(parsed).Write(new VersionsReport(versions), Show);
        return ExitCode.Done;
    }

    private static Table Show(VersionsReport report)
    {
        var table = Report.Table("line", "version", "parent", "created", "events up to", "K", "r", "KB", "metrics");
        foreach (var version in report.Versions)
            table.AddRow(
                Markup.Escape(version.Line.Value), Markup.Escape(version.Version.Value), Markup.Escape(version.Parent?.Value ?? "-"),
                Time(version.Created), Time(version.Events),
                $"{version.Shape.Experts}", $"{version.Shape.Rank}", $"{version.Parts.Values.Sum(part => part.Bytes) / 1024:N0}",
                Markup.Escape(
                    string.Join(' ',
                        version.Metrics.Select(
                            metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:0.####}")))));
        return table;
    }

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";

    private sealed record VersionsReport(IReadOnlyList<AdapterManifest> Versions);
}
