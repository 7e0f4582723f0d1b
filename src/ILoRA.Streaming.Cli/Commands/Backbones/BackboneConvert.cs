using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Loading;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Backbones;

/// <summary><c>ilora backbone convert</c></summary>
internal static class BackboneConvert
{
    private static readonly BackboneInput Backbone = new();
    private static readonly Option<string> Out = OutOption.Folder("Hugging Face folder");

    public static Command Create()
    {
        var command =
            new DocumentedCommand("convert",
                "Write a backbone as a Hugging Face folder in float32: config.json, model.safetensors and its tokenizer",
            "ilora backbone convert --backbone SmolLM2-135M-Instruct.Q4_1.gguf --out SmolLM2-135M-Instruct/");
        Backbone.AddTo(command);
        command.Add(Out);
        command.Add(Report.JsonOption);
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(Out));
        var loaded = Backbone.Load(parsed);
        BackboneFolder.Write(folder, loaded);
        new Report(parsed).Write(new ConvertReport(folder, loaded.Hash, loaded.Summary.Parameters),
            done => new Text($"{done.Folder}: {loaded.Summary}, written as F32"));
        return ExitCode.Done;
    }

    private sealed record ConvertReport(string Folder, string FromHash, long Parameters);
}
