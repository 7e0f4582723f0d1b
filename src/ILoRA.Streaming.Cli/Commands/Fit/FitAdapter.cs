using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary><c>ilora fit adapter</c></summary>
internal static class FitAdapter
{
    private const string Description = """
        Fit an iLoRA offline, with its gate, projector and score head. DIR becomes a folder that PEFT opens, and that 'ilora adapters publish' announces.

        Give all clicks up to where serving begins; the encoder should have been fit on the earlier part of them: on the later part the score's weights are
        fitted test-then-train, as they will be used. (Where the encoder has seen all clicks, the last 30 % take that place. Rows have no order: with --rows the head's weights stay as they
        begin, and 'ilora evaluate' learns its own.)
        """;

    private static readonly FitInputs Inputs = new();
    private static readonly AdapterOptions Adapter = new();
    private static readonly BackboneInput Model = new();
    private static readonly Option<FileInfo> EncoderFile =
        new Option<FileInfo>("--encoder")
        {
            Description = "What 'fit encoder' wrote (or a SASRec checkpoint)",
            HelpName = "FILE",
            Required = true
        }.AcceptExistingFile();
    private static readonly Option<string> Out = OutOption.Folder();

    public static Command Create()
    {
        var command = new DocumentedCommand("adapter", Description,
            "ilora fit adapter --backbone backbone/ --encoder encoder.safetensors --items items.tsv --clicks events.tsv --format "
            + "online-retail --out adapter/ --minutes 10") { EncoderFile, Out };
        Model.AddTo(command);
        Inputs.AddTo(command);
        Adapter.AddTo(command);
        command.Add(FitPrecision.Option);
        command.Add(Report.JsonOption);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = Adapter.Read(parsed, parsed.GetValue(Inputs.Seed));
        var loss = Adapter.Loss(parsed, options.Scorer);
        var items = Inputs.Items.Read(parsed, cancellation);
        var clicks = Inputs.ReadClicks(parsed, [.. items.Select(item => item.Item)], cancellation);
        var (encoder, table) = EncoderPart.Read(SafetensorsFile.Open(parsed.GetRequiredValue(EncoderFile).FullName));
        var backbone = Model.Load(parsed);
        using var torchBackbone = FrozenBackbone.Load(parsed, FitPrecision.Option, backbone, FitSteps.Device(parsed, Inputs.Device));
        var titles = items.ToDictionary(item => item.Item, item => item.Title, StringComparer.Ordinal);
        var data = new AdapterData(torchBackbone, backbone, titles, encoder, table, clicks, Inputs.InOrder(parsed));
        var made = parsed.GetRequiredValue(Out);
        var file = Adapter.File(parsed, made);
        var resumes = file.Exists;
        if (resumes)
            parsed.InvocationConfiguration.Error.WriteLine($"Goes on from {file.Path}");
        using var curve = new LossCurve(made, TimeProvider.System, resumes);
        var (snapshot, last, seconds) =
            await FitSteps.RunAsync(parsed, progress => data.Fit(options, loss, progress, file, cancellation), curve.Add);
        AdapterFolder.Write(snapshot, made, Model.Name(parsed));
        SnapshotFolder.Save(snapshot, made);
        curve.Draw();
        file.Delete();
        new Report(parsed).Write(
            new FittedAdapter(Path.GetFullPath(made), options.Scorer.ToString(), snapshot.Shape.Experts, snapshot.Shape.Rank,
                snapshot.Items.Ids.Count, clicks.Count, curve.Seen, last, seconds),
            done => new Text(
                $"{done.Folder}: {done.Scorer} scorer, K {done.Experts}, r {done.Rank}, {done.Clicks:N0} clicks, {done.Seen:N0} targets "
                    + $"learned from, loss {done.Loss:0.000}, in {done.Seconds:0} s"));
        return ExitCode.Done;
    }

    private sealed record FittedAdapter(string Folder, string Scorer, int Experts, int Rank, int Items, int Clicks, long Seen, double Loss,
        double Seconds);
}
