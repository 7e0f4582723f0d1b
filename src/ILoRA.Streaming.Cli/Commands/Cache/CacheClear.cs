using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Lifetime;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ILoRA.Streaming.Cli.Commands.Cache;

/// <summary><c>ilora cache clear</c></summary>
internal static class CacheClear
{
    private static readonly Option<double?> OlderThan =
        new("--older-than") { Description = "Only what was not used for so many days", HelpName = "DAYS" };

    public static Command Create(Option<DirectoryInfo?> folder)
    {
        var command =
            new DocumentedCommand("clear", "Remove what is kept, but for what a process has open; the next start converts it anew",
                "ilora cache clear --older-than 30") { folder, OlderThan, Report.JsonOption };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(OlderThan) is { } days && days is not (>= 0 and <= 36_500))
                throw new UsageException("--older-than must be from 0 to 36500 days.");
            var cache = CacheCommand.Open(parsed);
            var removed = cache.Clear(parsed.GetValue(OlderThan) is { } unused ? TimeSpan.FromDays(unused) : null);
            new Report(parsed).Write(new ClearReport(cache.Folder, removed.Sum(entry => entry.Bytes), removed, cache.List()), Show);
            return ExitCode.Done;
        });
        return command;
    }

    private static Rows Show(ClearReport report)
    {
        var sum =
            new Text(
                $"Removed {report.Bytes / 1e6:N0} MB; {report.Kept.Count} kept, {report.Kept.Count(entry => entry.InUse)} of them in use");
        return new Rows(report.Removed.Count == 0 ? [sum] : (IRenderable[])[CacheList.Table(report.Removed), sum]);
    }

    private sealed record ClearReport(string? Folder, long Bytes, IReadOnlyList<CachedWeights> Removed, IReadOnlyList<CachedWeights> Kept);
}
