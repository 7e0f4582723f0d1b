using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Backbones;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Backbones;

/// <summary><c>ilora backbone show</c></summary>
internal static class BackboneShow
{
    private static readonly BackboneInput Backbone = new();

    public static Command Create()
    {
        var command =
            new DocumentedCommand("show", "Load a backbone and say what it is",
                "ilora backbone show --backbone SmolLM2-135M-Instruct.Q4_1.gguf");
        Backbone.AddTo(command);
        command.Add(Report.JsonOption);
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var loaded = Backbone.Load(parsed);
        var summary = loaded.Summary;
        new Report(parsed).Write(
            new ShowReport(loaded.Hash, summary.Config, summary.Parameters, summary.Types, summary.FileBytes, summary.RandomSeed,
                loaded.Tokenizer.Vocabulary),
            shown => new Text($"{summary}; {shown.Tokens} tokens; {shown.Config.MaxPositions} positions; hash {shown.Hash}"));
        return ExitCode.Done;
    }

    private sealed record ShowReport(string Hash, BackboneConfig Config, long Parameters, IReadOnlyList<string> Types, long FileBytes,
        int? RandomSeed, int Tokens);
}
