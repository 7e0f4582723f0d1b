using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Local.Running;
using ILoRA.Streaming.Local.Sample;
using ILoRA.Streaming.Training.Devices;

namespace ILoRA.Streaming.Local.CommandLine;

/// <summary>The command line of <c>ilora-local</c>.</summary>
internal sealed class LocalCommand
{
    private readonly Option<string?> bootstrap = Text("--bootstrap", "HOST:PORT", "Kafka to use instead of the embedded one");
    private readonly Option<string?> redis = Text("--redis", "HOST:PORT", "Redis to use instead of the embedded one");
    private readonly Option<string?> scope =
        Text("--namespace", "TEXT", "Put before every topic, consumer group and Redis key, e.g. eu. (else ILORA__Namespace, else nothing)");
    private readonly Option<string?> backbone =
        Text("--backbone", "PATH",
            "Hugging Face folder or GGUF file of the language model (else the shipped one, or for own files one made from their titles)");
    private readonly Option<int?> layers = new("--layers") { Description = "Only the backbone's first N layers", HelpName = "N" };
    private readonly Option<string?> precision =
        Text("--precision", "NAME",
            $"What the trainer's backbone computes in: float32, bfloat16, or auto ({BackbonePrecision.Rule}; the default)")
                .AcceptOnlyFromAmong([.. BackbonePrecision.Names]);
    private readonly Option<string?> snapshot =
        Text("--snapshot", "DIR",
            "First adapter, as 'ilora fit adapter --out DIR' wrote it (else the shipped one, or for own files one that is fitted first)");
    private readonly Option<string?> items = Text("--items", "FILE", "Items to import (else the shipped sample)");
    private readonly Option<string?> clicks =
        Text("--clicks", "FILE",
            "Clicks to stream (else the shipped sample); without --snapshot the first 70 % are fitted on and the rest is streamed");
    private readonly FileReadingOptions readItems = FileReadingOptions.OfItemsBeside(), readClicks = FileReadingOptions.OfClicks();
    private readonly Option<double> speed =
        new("--speed") { Description = "Clicks a second", HelpName = "N", DefaultValueFactory = _ => LocalSettings.DefaultClicksPerSecond };
    private readonly Option<double> minutes =
        new("--minutes")
        {
            Description = "What fitting a model for own files may take, at most",
            HelpName = "M",
            DefaultValueFactory = _ => LocalSettings.DefaultFitBudget.TotalMinutes
        };
    private readonly Option<int> seed =
        new("--seed") { Description = "Seed of the trainer and of the intervals", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> data = Text("--data", "DIR", "Keep data here (else in a temporary folder)");
    private readonly Option<double?> duration =
        new("--duration") { Description = "Stop after this many seconds (else at Ctrl-C)", HelpName = "S" };
    private readonly Option<bool> json =
        new("--json") { Description = "End with one JSON document on standard output; progress goes to standard error" };

    public RootCommand Create(Func<LocalSettings, CancellationToken, Task<int>> run)
    {
        var root =
            new RootCommand(
                "A recommender that learns while it serves: all workers in one process, on an embedded Kafka and Redis or on given ones.")
        {
            bootstrap, redis, scope, backbone, layers, precision, snapshot, items, clicks, speed, minutes, seed, data, duration, json,
            SampleCommand.Create(),
        };
        readItems.AddTo(root);
        readClicks.AddTo(root);
        speed.Validators.Add(MoreThanZero);
        duration.Validators.Add(MoreThanZero);
        minutes.Validators.Add(MoreThanZero);
        layers.Validators.Add(MoreThanZero);
        root.Validators.Add(result =>
        {
            if (result.GetValue(backbone) is not null && result.GetValue(snapshot) is null && result.GetValue(items) is null)
                result.AddError(
                    "--backbone needs --snapshot, or own --items and --clicks to fit one on: the shipped adapter fits the shipped "
                        + "backbone alone.");
        });
        VersionLine.AddTo(root);
        root.SetAction((parsed, cancel) => run(Settings(parsed, cancel), cancel));
        return root;
    }

    private LocalSettings Settings(ParseResult parsed, CancellationToken stop) => new()
    {
        Bootstrap = parsed.GetValue(bootstrap),
        Redis = parsed.GetValue(redis),
        Namespace = parsed.GetValue(scope),
        Backbone = parsed.GetValue(backbone) ?? LocalSettings.Shipped(LocalSettings.BackboneFolder),
        Layers = parsed.GetValue(layers),
        Precision = parsed.GetValue(precision),
        Snapshot = parsed.GetValue(snapshot) ?? LocalSettings.Shipped(LocalSettings.SnapshotFolder),
        FitsWhereNeeded = parsed.GetValue(snapshot) is null && parsed.GetValue(items) is not null,
        FitBudget = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
        Items = parsed.GetValue(items) ?? LocalSettings.Shipped(OnlineRetailSample.ItemsFile),
        Clicks = parsed.GetValue(clicks) ?? LocalSettings.Shipped(OnlineRetailSample.ClicksFile),
        ItemsReading = readItems.Of(parsed, stop),
        ClicksReading = readClicks.Of(parsed, stop),
        ClicksPerSecond = parsed.GetValue(speed),
        Seed = parsed.GetValue(seed),
        Data = parsed.GetValue(data),
        Duration = parsed.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Json = parsed.GetValue(json),
    };

    /// <summary>What is no number at all is the parser's to refuse.</summary>
    private static void MoreThanZero(OptionResult result)
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value)
            && !(value > 0 && double.IsFinite(value)))
            result.AddError($"{result.Option.Name} must be more than 0.");
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };
}
