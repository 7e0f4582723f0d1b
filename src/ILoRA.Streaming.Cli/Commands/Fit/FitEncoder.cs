using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary><c>ilora fit encoder</c></summary>
internal static class FitEncoder
{
    /// <summary>Clicks after which a click counts half in the recent popularity, as the online trainer has it.</summary>
    private static readonly double HalfLife = new Training.Online.OnlineTrainerOptions().PopularityHalfLife;

    private static readonly FitInputs Inputs = new();
    private static readonly EncoderFitOptions Defaults = new();
    private static readonly Option<FileInfo> Out =
        new Option<FileInfo>("--out")
        {
            Description = "The safetensors file to write",
            HelpName = "FILE",
            Required = true
        }.AcceptWritableFile();
    private static readonly Option<int> Epochs =
        new Option<int>("--epochs")
        {
            Description = "Passes over the clicks",
            HelpName = "N",
            DefaultValueFactory = _ => Defaults.Epochs
        }.AtLeast(1);
    private static readonly Option<int> Width =
        new Option<int>("--width")
        {
            Description = "Width of item rows and of the sequence vector",
            HelpName = "D",
            DefaultValueFactory = _ => Defaults.Width
        }.AtLeast(1);

    private static readonly Option<string> Start =
        new Option<string>("--start")
        {
            Description = "Where item rows begin: cooccurrence, a truncated SVD of who clicked what; or random",
            HelpName = "KIND",
            DefaultValueFactory = _ => "cooccurrence"
        }.AcceptOnlyFromAmong("cooccurrence", "random");
    private static readonly Option<string> Output =
        new Option<string>("--output")
        {
            Description = "tied: one table for items as input and as output; own: a table each",
            HelpName = "KIND",
            DefaultValueFactory = _ => "tied"
        }.AcceptOnlyFromAmong("tied", "own");

    public static Command Create()
    {
        var command =
            new DocumentedCommand("encoder",
                "Fit the sequence encoder (SASRec); the file also holds the items' ids and how often each was seen",
            "ilora fit encoder --items items.tsv --clicks events.tsv --format online-retail --until 2011-08-15 --out encoder.safetensors",
            "ilora fit encoder --items items.tsv --rows train.jsonl --out encoder.safetensors") { Out, Epochs, Width, Start, Output,
                Report.JsonOption };
        Inputs.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] ids = [.. Inputs.Items.Read(parsed, cancellation).Select(item => item.Item)];
        var clicks = Inputs.ReadClicks(parsed, ids, cancellation);
        var options = Defaults with
        {
            Epochs = parsed.GetValue(Epochs),
            Width = parsed.GetValue(Width),
            Tied = parsed.GetValue(Output) == "tied",
            FromCooccurrence = parsed.GetValue(Start) == "cooccurrence",
            Seed = parsed.GetValue(Inputs.Seed),
        };
        var device = FitSteps.Device(parsed, Inputs.Device);
        var fit = new ClickEncoderFit(ids, options, HalfLife);
        var ((encoder, table, users), loss, seconds) =
            await FitSteps.RunAsync(parsed, progress => fit.Run(clicks, device, progress, stop: cancellation));
        var file = parsed.GetRequiredValue(Out);
        file.Directory?.Create();
        await File.WriteAllBytesAsync(file.FullName, EncoderPart.Write(encoder, table), cancellation);
        new Report(parsed).Write(new EncoderReport(file.FullName, ids.Length, users, clicks.Count, encoder.Width, loss, seconds),
            done => new Text(
                $"{done.File}: {done.Items:N0} items, {done.Clicks:N0} clicks of {done.Users:N0} users, loss {done.Loss:0.000}, "
                    + $"in {done.Seconds:0} s"));
        return ExitCode.Done;
    }

    private sealed record EncoderReport(string File, int Items, int Users, int Clicks, int Width, double Loss, double Seconds);
}
