using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Evaluate;

/// <summary><c>ilora evaluate</c></summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Rank fixed candidates by several methods and print HR@1 (right / total), NDCG@5 and MRR with bootstrap intervals, all on the same draws.

        With --train, baselines without a language model are fit and measured in the same run. A part of the training users is put aside: settings and the
        weights of fusions are chosen on them, never on the rows that are reported.
        """;

    private static readonly EvaluateOptions Options = new();

    public static Command Create()
    {
        var command = new DocumentedCommand("evaluate", Description,
            "ilora evaluate --items items.tsv --rows val.jsonl --candidates candidates.jsonl --train train.jsonl --encoder "
            + "encoder.safetensors",
            "ilora evaluate --backbone backbone/ --adapter ilora/ --adapter uniform/ --items items.tsv --rows val.jsonl --candidates "
            + "candidates.jsonl --train train.jsonl");
        Options.AddTo(command);
        command.Add(Report.JsonOption);
        command.Add(EvaluatePool.Create());
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var set =
            EvaluationSet.Read(Options.Items.Read(parsed, cancellation), parsed.GetRequiredValue(Options.Rows).FullName,
                parsed.GetRequiredValue(Options.Candidates).FullName);
        var measured = await Steps.PartAsync(parsed.InvocationConfiguration.Error, "evaluate", TimeProvider.System,
            report => Task.Run(() => new EvaluationRun(parsed, Options, set, report, cancellation).Run(), cancellation));
        if (parsed.GetValue(Options.RowsOut) is { } file)
            RowShares.Write(file, set, measured.Lines.Comparison);
        new Report(parsed).Write(measured.Report(TimeProvider.System.GetElapsedTime(begun)), EvaluationTable.Of);
        return ExitCode.Done;
    }
}
