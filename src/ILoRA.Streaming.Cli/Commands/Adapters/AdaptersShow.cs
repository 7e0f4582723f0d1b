using System.CommandLine;
using System.Text.Json;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Json;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters show</c></summary>
internal static class AdaptersShow
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Argument<string> Version = VersionArgument.Create();

    public static Command Create()
    {
        var command = new DocumentedCommand("show", "A version's manifest and what it descends from", "ilora adapters show online-000003") { Version, Report.JsonOption };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var registry = Registries.Adapters(new Cluster(parsed).ReachKafka(), parsed.InvocationConfiguration.Error, cancellation);
        var manifest = VersionArgument.Find(registry, parsed.GetRequiredValue(Version));
        // The event itself, so that its names are the contract's.
        using var json = JsonDocument.Parse(EventJson.Write(manifest));
        var lineage = registry.Lineage(manifest).Select(version => version.Version.Value).ToArray();
        new Report(parsed).Write(new VersionReport(json.RootElement, lineage), report => new Rows(
            new Text(JsonSerializer.Serialize(report.Manifest, Indented)), new Text($"descends from: {string.Join(" < ", report.Lineage)}")));
        return ExitCode.Done;
    }

    private sealed record VersionReport(JsonElement Manifest, IReadOnlyList<string> Lineage);
}
