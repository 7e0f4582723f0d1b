using System.CommandLine;
using System.CommandLine.Parsing;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary>What 'adapters publish' and 'adapters import' share: a snapshot becomes the next version of a line.</summary>
internal sealed class Publishing
{
    private readonly Option<string> line =
        new("--line") { Description = "The line that it becomes the newest version of", HelpName = "NAME", Required = true };
    private readonly Option<string?> parent =
        new("--parent") { Description = "The version that it was trained from", HelpName = "VERSION" };
    private readonly Option<string?> note = new("--note") { Description = "A remark for whoever reads the list", HelpName = "TEXT" };

    public void AddTo(Command command)
    {
        line.Validators.Add(CheckLine);
        foreach (var option in (Option[])[line, parent, note, Report.JsonOption])
            command.Add(option);
    }

    public async Task<int> RunAsync(ParseResult parsed, Snapshot snapshot, CancellationToken cancellation)
    {
        var name = new LineName(parsed.GetRequiredValue(line));
        var cluster = new Cluster(parsed);
        var kafka = await cluster.ReachTopicsAsync(topics => topics.Adapters);
        var registry = Registries.Adapters(kafka, parsed.InvocationConfiguration.Error, cancellation);
        var check = new CoverageCheck(cluster, parsed.InvocationConfiguration.Error);
        var coverage = await check.WarnAsync("this version", snapshot.Items, cancellation);
        using var producer = cluster.Producer();
        var announcer =
            new AdapterAnnouncer(cluster.Snapshots(), producer, cluster.Retry(), TimeProvider.System,
                cluster.Logs.CreateLogger<AdapterAnnouncer>());
        var release = new AdapterRelease
        {
            Line = name,
            Version = registry.Next(name),
            Parent = parsed.GetValue(parent) is { } from ? VersionArgument.Find(registry, from).Version : null,
            Note = parsed.GetValue(note),
        };
        var manifest = await announcer.PublishAsync(snapshot, release, cancellation);
        var bytes = manifest.Parts.Values.Sum(part => part.Bytes);
        new Report(parsed).Write(new PublishReport(manifest.Version.Value, name.Value, bytes, coverage.ItemShare, coverage.ClickedShare),
            done => new Text($"{done.Version} is announced ({done.Bytes / 1024:N0} KB)."));
        var plan = Registries.Rollouts(kafka, parsed.InvocationConfiguration.Error, cancellation).Serving;
        if (!plan.Arms.Any(arm => arm.Line == name))
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"note: no arm of the plan that is served ({plan.Rollout} {plan.Revision}) is of line {name}; "
                + "users get it once 'ilora rollout apply' has one");
        return ExitCode.Done;
    }

    private static void CheckLine(OptionResult result)
    {
        if (result.Tokens is [var name] && LineName.Mistake(name.Value) is { } mistake)
            result.AddError($"--line {mistake}");
    }

    /// <summary>Shares of the catalogue's and of the recently clicked items that the version knows; absent where there are none.</summary>
    private sealed record PublishReport(string Version, string Line, long Bytes, double? ItemsKnown, double? ClickedKnown);
}
