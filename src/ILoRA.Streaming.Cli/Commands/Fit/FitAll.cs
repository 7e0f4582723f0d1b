using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Training.Offline;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary><c>ilora fit all</c></summary>
internal static class FitAll
{
    private const string Description = """
        Fit all that a shop needs before it goes live: a tiny language model from the titles (unless --backbone gives one), the sequence
        encoder, the adapter with its score head. DIR/adapter is what 'ilora adapters publish' announces, DIR/backbone what the workers load
        (or what --backbone gave).

        It ends with a verdict. The clicks are cut in time: encoder and adapter are fitted on the first 80 %, and each later click is ranked
        among the whole catalogue from the user's history before it, next to what is popular, item-kNN and the encoder alone. Then both are
        fitted on all clicks, which takes about as long again. A fit that was stopped goes on by the same command; with other files or
        settings DIR is filled anew.
        """;

    private static readonly OfflineFitOptions Defaults = new();
    private static readonly ItemsInput Items = new();
    private static readonly ClicksInput Clicks = new("The clicks so far (docs/files.md)", required: true);
    private static readonly Option<string> Out = OutOption.Folder();
    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "Wall-clock budget of the whole; small shops need less",
        HelpName = "M",
        DefaultValueFactory = _ => Defaults.Budget.TotalMinutes,
    };
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Where chance begins",
        HelpName = "S",
        DefaultValueFactory = _ => Defaults.Seed,
    };
    private static readonly Option<string> Device = new Option<string>("--device")
    {
        Description = "cpu, cuda or auto",
        HelpName = "NAME",
        DefaultValueFactory = _ => "auto",
    }.AcceptOnlyFromAmong("cpu", "cuda", "auto");
    private static readonly BackboneInput Model = new(required: false);

    public static Command Create()
    {
        var command = new DocumentedCommand("all", Description,
            "ilora fit all --items products.csv --clicks clicks.csv --out shop/",
            "ilora fit all --items products.csv --clicks clicks.csv --out shop/ --backbone SmolLM2-135M.gguf --layers 4 --minutes 30")
        { Out, Minutes, Seed, Device, FitPrecision.Option, Report.JsonOption };
        Items.AddTo(command);
        Clicks.AddTo(command);
        Model.AddTo(command, control: false);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = Options(parsed);
        var data = Read(parsed, cancellation);
        var error = parsed.InvocationConfiguration.Error;
        if (data.UnknownItemsNote(parsed.GetRequiredValue(Items.File).Name) is { } note)
            error.WriteLine($"{note}: left out");
        var fit = new OfflineFit(options, FitSteps.Device(parsed, Device), TimeProvider.System);
        var folder = parsed.GetRequiredValue(Out);
        var before = data.Before(options.HoldOutShare);
        error.WriteLine(fit.IsDone(data, folder) ? $"{folder} holds the fit of these files and settings already"
            : $"{data.Items.Count:N0} items, {data.Clicks.Count:N0} clicks: to be judged, fits on the first {before:N0} and ranks the last "
                + $"{data.Clicks.Count - before:N0}; then fits on all; {options.Budget.TotalMinutes:0.#} minutes at most");
        var (made, _, seconds) = await FitSteps.RunAsync(parsed, progress => fit.Run(data, folder, progress, cancellation));
        new Report(parsed).Write(AllReport.Of(made, data, seconds), FittedText.Of);
        return ExitCode.Done;
    }

    private static OfflineFitOptions Options(ParseResult parsed)
    {
        if (parsed.GetValue(Minutes) is not (> 0 and < 100_000))
            throw new UsageException("--minutes must be positive.");
        if (!Model.IsGiven(parsed) && Model.Layers(parsed) is not null)
            throw new UsageException("--layers goes with --backbone.");
        return Defaults with
        {
            Budget = TimeSpan.FromMinutes(parsed.GetValue(Minutes)),
            Backbone = Model.Path(parsed),
            Layers = Model.Layers(parsed),
            Precision = parsed.GetRequiredValue(FitPrecision.Option),
            Seed = parsed.GetValue(Seed),
        };
    }

    private static OfflineData Read(ParseResult parsed, CancellationToken stop) => OfflineData.Of(
        Items.Read(parsed, stop), Clicks.Read(parsed, stop), parsed.GetRequiredValue(Items.File).Name,
        parsed.GetRequiredValue(Clicks.File).Name);
}

/// <param name="Folder">All of it.</param>
/// <param name="Adapter">What is published.</param>
/// <param name="Backbone">What workers load.</param>
/// <param name="Items">Of the catalogue.</param>
/// <param name="Clicks">That were fitted on.</param>
/// <param name="LeftOut">Clicks on items that the catalogue lacks.</param>
/// <param name="Seconds">What this run took.</param>
/// <param name="Verdict">How well a fit on the earlier clicks foresaw the later ones.</param>
internal sealed record AllReport(string Folder, string Adapter, string Backbone, int Items, int Clicks, int LeftOut, double Seconds,
    OfflineVerdict? Verdict)
{
    public static AllReport Of(OfflineResult made, OfflineData data, double seconds) =>
        new(made.Folder.Root, made.Folder.Adapter, Path.GetFullPath(made.Backbone), data.Items.Count, data.Clicks.Count,
            data.UnknownItemClicks,
        seconds, made.Verdict);
}
