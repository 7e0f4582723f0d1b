using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Cli.Scoring;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Inference.Scoring;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Cli.Commands.Score;

/// <summary><c>ilora score</c></summary>
internal static class ScoreCommand
{
    private const string Description = """
        Score candidates by their log-likelihood after a prompt, under a backbone and optionally an adapter.

        FILE is JSON Lines: prompt_ids or prompt; candidate_ids or candidates; optionally gate (weights [K]) or z (sequence vector, through the adapter's
        gate; neither is the uniform gate); item_slots and item_rows (through the adapter's projector). Prints {"log_likelihood": [...], "gate": [...]} a line, in the order of FILE (with and without --json).
        """;

    private static readonly BackboneInput Model = new();
    private static readonly Option<DirectoryInfo> AdapterPath =
        new Option<DirectoryInfo>("--adapter")
        {
            Description = "A PEFT folder, with ilora.safetensors for gate and projector",
            HelpName = "DIR"
        }.AcceptExistingOnly();
    private static readonly Option<FileInfo> Input =
        new Option<FileInfo>("--input")
        {
            Description = "What to score, JSON Lines",
            HelpName = "FILE",
            Required = true
        }.AcceptExistingFile();
    private static readonly Option<string> Implementation =
        new Option<string>("--implementation")
        {
            Description = "Which of the three computes: onnx, reference or torch",
            HelpName = "NAME",
            DefaultValueFactory = _ => "onnx"
        }.AcceptOnlyFromAmong("onnx", "reference", "torch");

    private static readonly Option<string> Precision =
        new Option<string>(
            "--precision")
        {
            Description = "In what onnx computes: exact; fast, as serving does by default; eight-bit, as it may",
            HelpName = "NAME",
            DefaultValueFactory = _ => "exact"
        }.AcceptOnlyFromAmong("exact", "fast", "eight-bit");

    public static Command Create()
    {
        var command =
            new DocumentedCommand("score", Description,
                "ilora score --backbone backbone/ --adapter adapter/ --input prompts.jsonl") { AdapterPath, Input, Implementation,
                    Precision, Report.JsonOption };
        Model.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var backbone = Model.Load(parsed);
        var adapter = parsed.GetValue(AdapterPath) is { } folder ? AdapterFolder.Read(folder.FullName) : null;
        var file = parsed.GetRequiredValue(Input);
        switch (parsed.GetValue(Implementation))
        {
            case "reference":
                Print(parsed, file, new ReferenceCandidateScorer(backbone, adapter).Score, cancellation);
                break;
            case "torch":
                using (var torch = new TorchCandidateScorer(backbone, adapter))
                    Print(parsed, file, torch.Score, cancellation);
                break;
            default:
                var cluster = new Cluster(parsed);
                using (var onnx =
                    new PromptScorer(backbone, adapter, null, Environment.ProcessorCount, cluster.Logs.CreateLogger<PromptScorer>(),
                        PrecisionOf(parsed), cluster.Weights()))
                    Print(parsed, file, onnx.Score, cancellation);
                break;
        }
        return ExitCode.Done;
    }

    private static GraphPrecision PrecisionOf(ParseResult parsed) => parsed.GetValue(Precision) switch
    {
        "fast" => GraphPrecision.Fast,
        "eight-bit" => GraphPrecision.EightBit,
        _ => GraphPrecision.Exact,
    };

    private static void Print(ParseResult parsed, FileInfo file, Func<ScoreRequest, ScoreResult> score, CancellationToken cancellation)
    {
        foreach (var result in ScoreFile.Score(File.ReadLines(file.FullName), file.Name, score))
        {
            cancellation.ThrowIfCancellationRequested();
            parsed.InvocationConfiguration.Output.WriteLine(result.ToJson());
        }
    }
}
