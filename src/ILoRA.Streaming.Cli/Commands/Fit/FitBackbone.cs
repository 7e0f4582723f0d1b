using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Training.Fits;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary><c>ilora fit backbone</c></summary>
internal static class FitBackbone
{
    private static readonly FitInputs Inputs = new();
    private static readonly BackboneFitOptions Defaults = new();
    private static readonly Option<string> Out = OutOption.Folder("Hugging Face folder");
    private static readonly Option<int> Steps =
        new Option<int>("--steps") { Description = "Training steps", HelpName = "N", DefaultValueFactory = _ => Defaults.Steps }.AtLeast(1);
    private static readonly Option<int> Layers =
        new Option<int>("--layers") { Description = "Decoder layers", HelpName = "N", DefaultValueFactory = _ => Defaults.Layers }.AtLeast(
            1);
    private static readonly Option<int> Hidden =
        new("--hidden") { Description = "Width", HelpName = "N", DefaultValueFactory = _ => Defaults.Hidden };
    private static readonly Option<int> Vocabulary =
        new Option<int>("--vocabulary")
        {
            Description = "Entries of the tokenizer",
            HelpName = "N",
            DefaultValueFactory = _ => Defaults.Vocabulary
        }.AtLeast(1);

    public static Command Create()
    {
        var command =
            new DocumentedCommand("backbone", "Pre-train the tiny language model and its tokenizer on the catalogue's titles alone",
            "ilora fit backbone --items items.tsv --out backbone/") { Out, Steps, Layers, Hidden, Vocabulary, Inputs.Seed, Inputs.Device,
                Report.JsonOption };
        Inputs.Items.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var titles = Inputs.Items.Read(parsed, cancellation).Select(item => item.Title).ToArray();
        var folder = parsed.GetRequiredValue(Out);
        var hidden = parsed.GetValue(Hidden);
        if (hidden < 8 || hidden % (2 * Defaults.Heads) != 0)
            throw new UsageException($"--hidden {hidden}: a multiple of {2 * Defaults.Heads} is needed.");
        var options = Defaults with
        {
            Steps = parsed.GetValue(Steps),
            Layers = parsed.GetValue(Layers),
            Hidden = hidden,
            FeedForward = 3 * hidden,
            Vocabulary = parsed.GetValue(Vocabulary),
            Seed = parsed.GetValue(Inputs.Seed),
        };
        var device = FitSteps.Device(parsed, Inputs.Device);
        var (made, loss, seconds) =
            await FitSteps.RunAsync(parsed, progress => BackboneFit.Run(titles, folder, options, device, progress, stop: cancellation));
        new Report(parsed).Write(
            new BackboneReport(Path.GetFullPath(folder), made.Hash, made.Config.Layers, made.Config.Hidden, made.Config.Vocabulary, loss,
                seconds),
            done => new Text(
                $"{done.Folder}: {done.Layers} layers of {done.Hidden}, {done.Vocabulary} tokens, loss {done.Loss:0.000}, "
                    + $"in {done.Seconds:0} s"));
        return ExitCode.Done;
    }

    private sealed record BackboneReport(string Folder, string Hash, int Layers, int Hidden, int Vocabulary, double Loss, double Seconds);
}
