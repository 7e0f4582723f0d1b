using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters import</c></summary>
internal static class AdaptersImport
{
    private static readonly Argument<DirectoryInfo> Folder =
        new Argument<DirectoryInfo>(
            "DIR")
        { Description = "A LoRA that PEFT saved: adapter_config.json and adapter_model.safetensors" }.AcceptExistingOnly();
    private static readonly BackboneInput Model = new();
    private static readonly Option<FileInfo> Encoder =
        new Option<FileInfo>(
            "--encoder")
        {
            Description = "What 'fit encoder' wrote (or a SASRec checkpoint): it retrieves candidates and reads histories",
            HelpName = "FILE",
            Required = true
        }.AcceptExistingFile();
    private static readonly ItemsInput Items = new();
    private static readonly Publishing Version = new();

    public static Command Create()
    {
        var command = new DocumentedCommand("import",
            "Announce a LoRA that PEFT trained as the next version of a line, for the title scorer; its gate is uniform, which is what "
            + "an ordinary LoRA is",
            "ilora adapters import peft/ --backbone backbone/ --encoder encoder.safetensors --items items.tsv --line online") { Folder,
                Encoder };
        Items.AddTo(command);
        Model.AddTo(command);
        Version.AddTo(command);
        command.SetAction((parsed, cancellation) => Version.RunAsync(parsed, Read(parsed, cancellation), cancellation));
        return command;
    }

    private static Snapshot Read(ParseResult parsed, CancellationToken cancellation)
    {
        var backbone = Model.Load(parsed);
        var encoder = EncoderPart.Read(SafetensorsFile.Open(parsed.GetRequiredValue(Encoder).FullName));
        string[] titles = [.. Items.Read(parsed, cancellation).Select(item => item.Title)];
        var snapshot = AdapterSource.Open(parsed.GetRequiredValue(Folder).FullName, backbone, titles, encoder);
        SnapshotFit.Require(snapshot, backbone);
        return snapshot;
    }
}
