using System.CommandLine;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters publish</c></summary>
internal static class AdaptersPublish
{
    private static readonly Argument<DirectoryInfo> Folder = new Argument<DirectoryInfo>("DIR") { Description = "What 'fit adapter' or 'adapters export' wrote" }.AcceptExistingOnly();
    private static readonly Option<string> Line = new("--line") { Description = "The line that it becomes the newest version of", HelpName = "NAME", Required = true };
    private static readonly Option<string?> Parent = new("--parent") { Description = "The version that it was trained from", HelpName = "VERSION" };
    private static readonly Option<string?> Note = new("--note") { Description = "A remark for whoever reads the list", HelpName = "TEXT" };

    public static Command Create()
    {
        var command = new DocumentedCommand("publish",
            "Store a snapshot's parts and announce it as the next version of a line. A cluster starts with one: publish what 'fit adapter' wrote as line online",
            "ilora adapters publish adapter/ --line online --note \"fitted on June to August\"") { Folder, Line, Parent, Note, Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var snapshot = SnapshotFolder.Load(parsed.GetRequiredValue(Folder).FullName);
        var line = new LineName(parsed.GetRequiredValue(Line));
        var cluster = new Cluster(parsed);
        var registry = Registries.Adapters(cluster.ReachKafka(), parsed.InvocationConfiguration.Error, cancellation);
        using var producer = cluster.Producer();
        var announcer = new AdapterAnnouncer(cluster.Snapshots(), producer, cluster.Retry(), TimeProvider.System, cluster.Logs.CreateLogger<AdapterAnnouncer>());
        var release = new AdapterRelease
        {
            Line = line,
            Version = registry.Next(line),
            Parent = parsed.GetValue(Parent) is { } parent ? VersionArgument.Find(registry, parent).Version : null,
            Note = parsed.GetValue(Note),
        };
        var manifest = await announcer.PublishAsync(snapshot, release, cancellation);
        new Report(parsed).Write(new PublishReport(manifest.Version.Value, line.Value, manifest.Parts.Values.Sum(part => part.Bytes)),
            done => new Text($"{done.Version} is announced ({done.Bytes / 1024:N0} KB)."));
        return ExitCode.Done;
    }

    private sealed record PublishReport(string Version, string Line, long Bytes);
}
