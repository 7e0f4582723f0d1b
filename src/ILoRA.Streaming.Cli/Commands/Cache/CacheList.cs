using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Lifetime;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Cache;

/// <summary><c>ilora cache list</c></summary>
internal static class CacheList
{
    public static Command Create(Option<DirectoryInfo?> folder)
    {
        var command =
            new DocumentedCommand("list", "What is kept, and how much: what was used longest ago, and goes first, is on top",
                "ilora cache list --json") { folder, Report.JsonOption };
        command.SetAction(parsed =>
        {
            var cache = CacheCommand.Open(parsed);
            var entries = cache.List();
            new Report(parsed).Write(new ListReport(cache.Folder, entries.Sum(entry => entry.Bytes), cache.MaxBytes, entries), Show);
            return ExitCode.Done;
        });
        return command;
    }

    public static Table Table(IEnumerable<CachedWeights> entries)
    {
        var table = Report.Table("model", "MB", "last used", "in use", "key");
        foreach (var entry in entries)
            table.AddRow(Markup.Escape(entry.Model), $"{entry.Bytes / 1e6:N0}", $"{entry.LastUsed:yyyy-MM-dd HH:mm}",
                entry.InUse ? "yes" : "", Markup.Escape(entry.Key));
        return table;
    }

    private static Rows Show(ListReport report)
    {
        var sum =
            new Text(
                $"{report.Bytes / 1e6:N0} MB of at most {report.MaxBytes / 1e6:N0} MB "
                    + $"in {report.Folder ?? "no folder: the user has no home; set Cache:Folder"}");
        return new Rows(report.Entries.Count == 0 ? [sum] : (IRenderable[])[Table(report.Entries), sum]);
    }

    private sealed record ListReport(string? Folder, long Bytes, long MaxBytes, IReadOnlyList<CachedWeights> Entries);
}
