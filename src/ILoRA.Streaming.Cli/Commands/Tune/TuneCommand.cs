using System.CommandLine;
using System.Globalization;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Tuning;

namespace ILoRA.Streaming.Cli.Commands.Tune;

/// <summary><c>ilora tune</c></summary>
internal static class TuneCommand
{
    private const string Description = """
        Choose experts, rank, learning rate and gate by successive halving, on training users who were put aside.

        Every round shares the same part of the budget among the settings that are left and drops the worse half, by the listwise loss of the language model's part. Fit the
        encoder with the same --hold-out. Nothing of the rows that are reported later takes part.
        """;

    private const int Candidates = 20;

    private static readonly FitInputs Inputs = new(holdOut: 0.1);
    private static readonly TuneOptions Options = new();
    private static readonly BackboneInput Model = new();
    private static readonly Option<FileInfo> EncoderFile =
        new Option<FileInfo>("--encoder")
        {
            Description = "What 'fit encoder' wrote (or a SASRec checkpoint)",
            HelpName = "FILE",
            Required = true
        }.AcceptExistingFile();

    public static Command Create()
    {
        var command = new DocumentedCommand("tune", Description,
            "ilora tune --backbone backbone/ --encoder encoder.safetensors --items items.tsv --rows train.jsonl --experts 1,2,4,8 "
            + "--rank 4,8,16 --minutes 60") { EncoderFile };
        Model.AddTo(command);
        Inputs.AddTo(command);
        command.Add(FitPrecision.Option);
        Options.AddTo(command);
        command.Add(Report.JsonOption);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var (settings, budget, seed) = (Options.Settings(parsed), Options.Budget(parsed), parsed.GetValue(Inputs.Seed));
        var items = Inputs.Items.Read(parsed, cancellation);
        var set = new EvaluationSet([.. items.Select(item => item.Item)], [.. items.Select(item => item.Title)], []);
        var clicks = Inputs.ReadClicks(parsed, [.. set.Ids], cancellation);
        set = set with { Cases = HeldOutCases.Draw(Inputs.ReadAside(parsed, set), Candidates, Options.Rows(parsed), new Random(seed)) };
        if (set.Cases.Count == 0)
            throw new InvalidDataException("The users put aside have no history of three items; raise --hold-out.");
        var (encoder, table) = EncoderPart.Read(SafetensorsFile.Open(parsed.GetRequiredValue(EncoderFile).FullName));
        var backbone = Model.Load(parsed);
        using var torch = FrozenBackbone.Load(parsed, FitPrecision.Option, backbone, FitSteps.Device(parsed, Inputs.Device));
        var titles = items.ToDictionary(item => item.Item, item => item.Title, StringComparer.Ordinal);
        var data = new AdapterData(torch, backbone, titles, encoder, table, clicks, Inputs.InOrder(parsed));
        var (trials, _, _) = await FitSteps.RunAsync(parsed, progress => SuccessiveHalving.Run(settings, (setting, share) => Measure(
            new EvaluatedBackbone(torch, backbone, set),
            data.Fit(Options.Fit(parsed, setting, budget.Part(share), seed), TitleLoss.Listwise, new Named(setting, progress), null,
                cancellation), cancellation)));
        var choice = SuccessiveHalving.Choose(trials, settings, new Bootstrap(set.Cases.Count, seed));
        var report = TuneReport.Of(trials, budget, choice, new Bootstrap(set.Cases.Count, seed), TimeProvider.System.GetElapsedTime(begun));
        new Report(parsed).Write(report, TuneReport.Table);
        return ExitCode.Done;
    }

    private static MethodResult Measure(EvaluatedBackbone backbone, Snapshot snapshot, CancellationToken cancellation)
    {
        using var scorer = new AdapterScorer(backbone, snapshot);
        var method = snapshot.Scorer == Scorer.Head ? scorer.Head("head") : scorer.Title("title");
        return method.Run(backbone.Set.Cases, TimeProvider.System, stop: cancellation);
    }

    private sealed class Named(TuneSetting setting, IProgress<FitProgress> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) =>
            progress.Report(value with { What = string.Create(CultureInfo.InvariantCulture, $"{setting}, {value.What}") });
    }
}
