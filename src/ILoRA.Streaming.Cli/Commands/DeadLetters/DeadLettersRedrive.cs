using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Lifetime;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.DeadLetters;

/// <summary><c>ilora dead-letters redrive</c></summary>
internal static class DeadLettersRedrive
{
    private const string Description = """
        Send the open dead letters back to the topics they came from: original value and headers, without the dl_ headers.

        The dead letters are a queue: the committed offset of the group ilora-redrive says how far it was worked off, so a pass that was cut off goes on where it
        stopped. A letter that a pass leaves (another reason, superseded, still invalid, given up by --mend) is put back at the end of the
        queue. Nothing is sent where a letter's topic is missing; a letter of another stream's topic is left.
        A letter of items, adapters or rollouts is left as superseded where its topic holds a newer record of its key.
        --mend pipes each value through a shell command, which prints the mended value or exits with another code than 0 to give it up.
        """;

    private const int BatchSize = 500;

    private static readonly Option<string?> Reason =
        new("--reason") { Description = "Only letters whose reason contains this", HelpName = "TEXT" };
    private static readonly Option<string?> Mend =
        new("--mend") { Description = "Pipe each value through this shell command", HelpName = "COMMAND" };
    private static readonly Option<bool> OnlyValid =
        new("--only-valid") { Description = "Only letters that are valid events now (after mending)", Arity = ArgumentArity.Zero };
    private static readonly Option<bool> DryRun =
        new("--dry-run") { Description = "Send nothing, say what would be sent", Arity = ArgumentArity.Zero };

    public static Command Create()
    {
        var command = new DocumentedCommand("redrive", Description,
            "ilora dead-letters redrive --only-valid",
            "ilora dead-letters redrive --reason time --mend \"jq -c '.time = (.time | tonumber)'\" --only-valid") { Reason, Mend,
                OnlyValid, DryRun, Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = new Cluster(parsed);
        var kafka = cluster.ReachKafka();
        using var queue = new DeadLetterQueue(kafka);
        var open = queue.Open(cancellation);
        var pass =
            new RedrivePass(kafka, cluster.ClickClock(), parsed.GetValue(Reason),
                parsed.GetValue(Mend) is { } command ? new Mending(command) : null, parsed.GetValue(OnlyValid));
        await cluster.RequireTopicsAsync(pass.Targets(open));
        var report = await Steps.CountAsync(parsed.InvocationConfiguration.Error, "dead letters", open.Count, TimeProvider.System,
            progress => RunAsync(queue, open, pass, parsed.GetValue(DryRun), progress, cancellation));
        new Report(parsed).Write(report, done => new Text(
            $"{done.Open:N0} open, {done.Redriven:N0} {(done.DryRun ? "would be sent" : "sent")} back, {done.Left:N0} left." +
            string.Concat(done.Reasons.Select(pair => $"\n  {pair.Value:N0} x {pair.Key}"))));
        return ExitCode.Done;
    }

    private static async Task<RedriveReport> RunAsync(DeadLetterQueue queue, IReadOnlyList<DeadLetter> open, RedrivePass pass, bool dryRun,
        IProgress<long> progress, CancellationToken cancellation)
    {
        var (sent, seen) = (0, 0);
        var reasons = new Dictionary<string, int>(StringComparer.Ordinal);
        // Letters left in batches of which nothing was sent: the queue is turned round only where it must be.
        var waiting = new List<DeadLetter>();
        foreach (var batch in open.Chunk(BatchSize))
        {
            var (redriven, left) = await pass.SortAsync(batch, cancellation);
            foreach (var (_, why) in left)
                reasons[why] = reasons.GetValueOrDefault(why) + 1;
            sent += redriven.Count;
            waiting.AddRange(left.Select(pair => pair.Letter));
            if (!dryRun && redriven.Count > 0)
            {
                await queue.SettleAsync(batch, redriven, waiting);
                waiting.Clear();
            }
            progress.Report(seen += batch.Length);
        }
        return new RedriveReport(open.Count, sent, open.Count - sent, reasons, dryRun);
    }

    /// <summary>What a pass did; <c>Reasons</c> says why letters were left.</summary>
    private sealed record RedriveReport(int Open, int Redriven, int Left, IReadOnlyDictionary<string, int> Reasons, bool DryRun);
}
