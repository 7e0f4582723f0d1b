using System.CommandLine;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters export</c></summary>
internal static class AdaptersExport
{
    private static readonly Argument<string> Version = VersionArgument.Create();
    private static readonly Option<string> Out = OutOption.Folder();
    private static readonly Option<string?> BackboneName =
        new("--backbone-name") { Description = "What adapter_config.json calls the base model (default: its hash)", HelpName = "TEXT" };

    public static Command Create()
    {
        var command = new DocumentedCommand("export",
            "Write a version as a folder that PEFT opens (as ordinary LoRA), with gate, projector, head and encoder beside it, so that "
            + "it can be published again",
            "ilora adapters export online-000003 --out adapter/ --backbone-name HuggingFaceTB/SmolLM2-135M") { Version, Out, BackboneName,
                Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = new Cluster(parsed);
        var registry = Registries.Adapters(cluster.ReachKafka(), parsed.InvocationConfiguration.Error, cancellation);
        var manifest = VersionArgument.Find(registry, parsed.GetRequiredValue(Version));
        var snapshot = await new SnapshotLoader(cluster.Snapshots(), cluster.Retry()).LoadAsync(manifest, cancellation);
        var folder = parsed.GetRequiredValue(Out);
        AdapterFolder.Write(snapshot, folder, parsed.GetValue(BackboneName) ?? snapshot.Backbone);
        SnapshotFolder.Save(snapshot, folder);
        new Report(parsed).Write(
            new ExportReport(manifest.Version.Value, Path.GetFullPath(folder),
                [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]),
            done => new Text($"{done.Version} written to {done.Folder}: {string.Join(", ", done.Files)}"));
        return ExitCode.Done;
    }

    private sealed record ExportReport(string Version, string Folder, IReadOnlyList<string> Files);
}
