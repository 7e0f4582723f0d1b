using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters show</c></summary>
internal static class AdaptersShow
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Argument<string> Version =
        new("VERSION") { Description = "A version, LINE/VERSION, a line for its newest, or a folder that 'fit adapter' wrote" };
    private static readonly BackboneInput Counted = new(required: false);

    public static Command Create()
    {
        var command =
            new DocumentedCommand("show",
                "A version's manifest and what it descends from; with --backbone, how many parameters its parts hold and what they add "
                + "to the language model",
            "ilora adapters show online-000003 --backbone backbone/") { Version, Report.JsonOption };
        Counted.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var name = parsed.GetRequiredValue(Version);
        var backbone = Counted.LoadGiven(parsed);
        if (Directory.Exists(name))
        {
            var shown = SnapshotFolder.Load(name);
            if (backbone is null)
                throw new UsageException($"{name} is a folder, which has no manifest: give --backbone to count its parameters.");
            SnapshotFit.Require(shown, backbone);
            new Report(parsed).Write(new VersionReport(null, [], ParameterCounts.Of(shown, backbone.Config)), Show);
            return ExitCode.Done;
        }
        var cluster = new Cluster(parsed);
        var registry = Registries.Adapters(cluster.ReachKafka(), parsed.InvocationConfiguration.Error, cancellation);
        var manifest = VersionArgument.Find(registry, name);
        ParameterCounts? counts = null;
        if (backbone is not null)
        {
            var snapshot = await new SnapshotLoader(cluster.Snapshots(), cluster.Retry()).LoadAsync(manifest, cancellation);
            SnapshotFit.Require(snapshot, backbone);
            counts = ParameterCounts.Of(snapshot, backbone.Config);
        }
        // The event itself, so that its names are the contract's.
        using var json = JsonDocument.Parse(EventJson.Write(manifest));
        new Report(parsed).Write(
            new VersionReport(json.RootElement, [.. registry.Lineage(manifest).Select(version => version.Version.Value)], counts), Show);
        return ExitCode.Done;
    }

    private static Rows Show(VersionReport report)
    {
        var shown = new List<IRenderable>();
        if (report.Manifest is { } manifest)
            shown.AddRange(
                [new Text(JsonSerializer.Serialize(manifest, Indented)), new Text($"descends from: {string.Join(" < ", report.Lineage)}")]);
        if (report.Parameters is { } counts)
            shown.Add(Counts(counts));
        return new Rows(shown);
    }

    private static Table Counts(ParameterCounts counts)
    {
        var table = Report.Table("part", "parameters", "of the backbone");
        foreach (var (part, count) in new[] { ("backbone, frozen", counts.Backbone), ("LoRA", counts.Lora), ("gate", counts.Gate),
            ("projector", counts.Projector), ("added to the language model", counts.Added),
            ("score head", counts.Head), ("sequence encoder", counts.Encoder) })
            table.AddRow(part, count.ToString("N0", CultureInfo.InvariantCulture),
                ((double)count / counts.Backbone).ToString("0.000 %", CultureInfo.InvariantCulture));
        return table;
    }

    private sealed record VersionReport(JsonElement? Manifest, IReadOnlyList<string> Lineage, ParameterCounts? Parameters);
}
