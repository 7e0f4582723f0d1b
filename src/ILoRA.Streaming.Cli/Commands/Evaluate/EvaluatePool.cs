using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary><c>ilora evaluate pool</c></summary>
internal static class EvaluatePool
{
    private const string Description = """
        Pool the rows of several sets or runs and compare two lines, paired by row, with a bootstrap interval.

        FILES are what 'ilora evaluate --rows-out' wrote. Those of the same rows, as of several seeds, are averaged row by row before rows are resampled: a row is hard or easy for all of them. A line that has another name in some file can be named by a comma-separated list, one
        name a file.
        """;

    private static readonly Argument<FileInfo[]> Files =
        new Argument<FileInfo[]>("FILES") { Description = "One a set, or several", Arity = ArgumentArity.OneOrMore }.AcceptExistingFile();
    private static readonly Option<string> A = new("--a") { Description = "The line in question", HelpName = "NAME", Required = true };
    private static readonly Option<string> B =
        new("--b")
        {
            Description = "The line it is compared with; best: the best in each file without a language model",
            HelpName = "NAME",
            DefaultValueFactory = _ => Best
        };
    private static readonly Option<int> Seed =
        new("--seed") { Description = "Of the bootstrap", HelpName = "S", DefaultValueFactory = _ => 1 };

    private const string Best = "best";

    public static Command Create()
    {
        var command =
            new DocumentedCommand("pool", Description,
                "ilora evaluate pool movielens.jsonl lastfm.jsonl steam.jsonl --a 'fusion with adapter' --b best",
                "ilora evaluate pool seed1.jsonl seed2.jsonl seed3.jsonl --a 'mlp/: head' --b 'uniform/: head'") { Files, A, B, Seed,
                    Report.JsonOption };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var files = parsed.GetRequiredValue(Files);
        var (a, b) = (Lines(parsed, A, files), Lines(parsed, B, files));
        for (var file = 0; file < files.Length; file++)
            if (a[file].Hr1.Length != b[file].Hr1.Length)
                throw new InvalidDataException(
                    $"{files[file].Name}: '{a[file].Method}' has {a[file].Hr1.Length} rows, '{b[file].Method}' {b[file].Hr1.Length}; "
                        + "write them in one run.");
        var (rowsOfA, rowsOfB) = (Rows(a), Rows(b));
        var bootstrap = new Bootstrap(rowsOfA.Length, parsed.GetValue(Seed));
        var report = new PoolReport(
            Names(a), Names(b), rowsOfA.Length, a[0].Draws, EvaluationReport.Rounded(rowsOfA.Average()),
            EvaluationReport.Rounded(rowsOfB.Average()),
            EvaluationReport.Rounded(rowsOfA.Average() - rowsOfB.Average()), EvaluationReport.Of(bootstrap.Difference(rowsOfA, rowsOfB)));
        new Report(parsed).Write(report, EvaluationTable.Of);
        return ExitCode.Done;
    }

    private static RowShares[] Lines(ParseResult parsed, Option<string> option, FileInfo[] files)
    {
        var names = parsed.GetRequiredValue(option).Split(',', StringSplitOptions.TrimEntries);
        if (names.Length != 1 && names.Length != files.Length)
            throw new UsageException($"{option.Name} names {names.Length} lines for {files.Length} files; give one name, or one a file.");
        return [.. files.Select((file, at) => Line(file, names[names.Length == 1 ? 0 : at]))];
    }

    private static RowShares Line(FileInfo file, string name)
    {
        var lines = RowShares.Read(file);
        var found =
            name == Best
                ? lines.Where(line => !line.LanguageModel).MaxBy(line => line.Hr1.Average())
                : lines.FirstOrDefault(line => line.Method == name);
        return found
            ?? throw new UsageException(
                $"{file.Name} has no line '{name}'; it has {string.Join(", ", lines.Select(line => $"'{line.Method}'"))}.");
    }

    // [R], the mean over the runs of a set; then the next set's.
    private static double[] Rows(RowShares[] lines) =>
        [.. lines.GroupBy(line => line.Set, StringComparer.Ordinal)
            .SelectMany(runs => Enumerable.Range(0, runs.First().Hr1.Length).Select(row => runs.Average(run => run.Hr1[row])))];

    private static string Names(RowShares[] lines) => string.Join(", ", lines.Select(line => line.Method).Distinct());
}

/// <summary>Two lines over all rows of several sets, or over several runs on the same ones.</summary>
internal sealed record PoolReport(string A, string B, int Rows, int Draws, double Hr1A, double Hr1B, double Difference, double[] Interval);
