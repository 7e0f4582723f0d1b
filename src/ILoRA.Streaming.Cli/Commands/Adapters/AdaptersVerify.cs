using System.CommandLine;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters verify</c></summary>
internal static class AdaptersVerify
{
    private static readonly Argument<string?> Version =
        new("VERSION") { Description = "A version, LINE/VERSION, or a line for its newest; default: all", Arity = ArgumentArity.ZeroOrOne };
    private static readonly BackboneInput Fitting = new(required: false);

    public static Command Create()
    {
        var command = new DocumentedCommand("verify",
            "Read every part from the snapshot store and check size, sha256, shapes, that all numbers are finite and, given a backbone, "
            + "that it fits; exit code 1 where a version is refused",
            "ilora adapters verify online-000003 --backbone backbone/") { Version, Report.JsonOption };
        Fitting.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = new Cluster(parsed);
        var registry = Registries.Adapters(cluster.ReachKafka(), parsed.InvocationConfiguration.Error, cancellation);
        var versions =
            parsed.GetValue(Version) is { } name
                ? [VersionArgument.Find(registry, name)] : registry.Lines.SelectMany(registry.Versions).ToArray();
        var backbone = Fitting.LoadGiven(parsed);
        var loader = new SnapshotLoader(cluster.Snapshots(), cluster.Retry());
        var checks = new List<VersionCheck>();
        foreach (var manifest in versions)
            checks.Add(
                new VersionCheck(manifest.Line.Value, manifest.Version.Value,
                    await WhyRefusedAsync(loader, manifest, backbone, cancellation)));
        new Report(parsed).Write(new VerifyReport(checks.TrueForAll(check => check.Refused is null), checks), Show);
        return checks.TrueForAll(check => check.Refused is null) ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<string?> WhyRefusedAsync(SnapshotLoader loader, AdapterManifest manifest, Backbone? backbone,
        CancellationToken cancellation)
    {
        try
        {
            var snapshot = await loader.LoadAsync(manifest, cancellation);
            if (backbone is not null)
                SnapshotFit.Require(snapshot, backbone);
            return null;
        }
        catch (Exception refusal) when (refusal is InvalidDataException or MissingPartException)
        {
            return refusal.Message;
        }
    }

    private static Table Show(VerifyReport report)
    {
        var table = Report.Table("line", "version", "check");
        foreach (var check in report.Versions)
            table.AddRow(Markup.Escape(check.Line), Markup.Escape(check.Version), Markup.Escape(check.Refused ?? "ok"));
        return table;
    }

    private sealed record VerifyReport(bool Ok, IReadOnlyList<VersionCheck> Versions);

    /// <summary><c>Refused</c> says why; null where the version is good.</summary>
    private sealed record VersionCheck(string Line, string Version, string? Refused);
}
