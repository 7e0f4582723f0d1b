using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.DeadLetters;

/// <summary><c>ilora dead-letters list</c></summary>
internal static class DeadLettersList
{
    private const int ShownCharacters = 80;
    private static readonly Option<string?> Reason =
        new("--reason") { Description = "Only letters whose reason contains this", HelpName = "TEXT" };
    private static readonly Option<int> Limit =
        new Option<int>("--limit")
        {
            Description = "Show at most so many, the newest",
            HelpName = "N",
            DefaultValueFactory = _ => 50
        }.AtLeast(1);

    public static Command Create()
    {
        var command = new DocumentedCommand("list", "The open dead letters: how many by reason, and the newest of them",
            "ilora dead-letters list --reason time --json") { Reason, Limit, Report.JsonOption };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var queue = new DeadLetterQueue(new Cluster(parsed).ReachKafka());
        var wanted = parsed.GetValue(Reason);
        var open =
            queue.Open(cancellation)
                .Where(letter => wanted is null || (letter.Reason ?? "").Contains(wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
        var byReason =
            open.CountBy(letter => letter.Reason ?? "?").OrderByDescending(pair => pair.Value)
                .ToDictionary(pair => pair.Key, pair => pair.Value);
        var letters =
            open.TakeLast(parsed.GetValue(Limit))
                .Select(letter => new LetterLine(letter.Origin, letter.Time, letter.Worker, letter.Reason, letter.Text)).ToArray();
        new Report(parsed).Write(new LettersReport(open.Length, byReason, letters), Show);
        return ExitCode.Done;
    }

    private static Rows Show(LettersReport report)
    {
        var reasons = Report.Table("letters", "reason");
        foreach (var (reason, count) in report.Reasons)
            reasons.AddRow($"{count:N0}", Markup.Escape(reason));
        var letters = Report.Table("from", "time", "worker", "value");
        foreach (var letter in report.Letters)
            letters.AddRow(Markup.Escape(letter.Origin), Markup.Escape(letter.Time ?? ""), Markup.Escape(letter.Worker ?? ""),
                Markup.Escape(Shortened(letter.Value)));
        return report.Open == 0 ? new Rows(new Text("No open dead letters.")) : new Rows(reasons, letters);
    }

    private static string Shortened(string value)
    {
        // Anybody may send a click: its control characters must not reach the terminal.
        var line = string.Concat(value.ReplaceLineEndings(" ").Select(letter => char.IsControl(letter) ? '\u00b7' : letter));
        return line.Length <= ShownCharacters ? line : line[..ShownCharacters] + "...";
    }

    private sealed record LettersReport(int Open, IReadOnlyDictionary<string, int> Reasons, IReadOnlyList<LetterLine> Letters);

    private sealed record LetterLine(string Origin, string? Time, string? Worker, string? Reason, string Value);
}
