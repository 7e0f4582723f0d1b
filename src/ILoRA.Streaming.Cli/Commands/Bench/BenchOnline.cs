using System.CommandLine;
using ILoRA.Streaming.Cli.Benching;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Cli.Commands.Bench;

/// <summary><c>ilora bench online</c></summary>
internal static class BenchOnline
{
    private const string Description = """
        Replay clicks in event time, test then train, and compare what learning on the stream brings, line by line on the same clicks and candidates.

        anchored: all that the trainer learns; frozen: everything as it began; no-adapter: encoder and head learn, the language model has no LoRA; encoder-frozen, encoder-online: the
        encoder alone; head-only: gate and experts stay as they began; plain: without hold and replay; uniform: an ordinary LoRA. hr1 and ndcg5 are among the candidates, hr10 is over the whole
        catalogue. A user is dormant whose last visit is over 30 days ago. Intervals resample users. Clicks of whose history some line's encoder knows no item are not tested.
        """;

    private static readonly TimeSpan Away = TimeSpan.FromDays(30);
    private static readonly BackboneInput Model = new();
    private static readonly OnlineInputs Inputs = new();
    private static readonly Option<double> Minutes =
        new("--minutes")
        {
            Description = "Wall-clock budget of fitting an adapter; uniform takes as long again",
            HelpName = "M",
            DefaultValueFactory = _ => 5
        };
    private static readonly Option<string> Metric =
        new Option<string>("--metric")
        {
            Description = "What pairs are compared by: hr1, hr10 or ndcg5",
            HelpName = "NAME",
            DefaultValueFactory = _ => "hr1"
        }.AcceptOnlyFromAmong([.. OnlineReport.Metrics.Keys]);

    public static Command Create()
    {
        var command = new DocumentedCommand("online", Description,
            "ilora bench online --backbone backbone/ --encoder encoder.safetensors --items items.tsv --clicks events.tsv --format "
            + "online-retail --start 0.5 --minutes 10",
            "ilora bench online --backbone backbone/ --adapter adapter/ --items items.tsv --clicks stream.tsv --lines "
            + "anchored,frozen,head-only --seeds 3 --candidates popular99")
        { Minutes, Metric, FitPrecision.Option, Report.JsonOption };
        Model.AddTo(command);
        Inputs.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var machine = Machine.Current;
        var begun = TimeProvider.System.GetTimestamp();
        if (parsed.GetValue(Minutes) <= 0)
            throw new UsageException("--minutes must be positive.");
        var (lines, seeds, given) = (Inputs.Lines(parsed), Inputs.Seeds(parsed), Inputs.Adapter(parsed));
        var titles = Inputs.Titles(parsed, cancellation);
        var clicks = Inputs.Clicks(parsed, titles, cancellation);
        var start = Inputs.Start(parsed, clicks.Count);
        var stream = TrialStream.Of(clicks, start, Away);
        if (stream.Count == 0)
            throw new InvalidDataException(
                $"No click after the first {start} follows another of its user: there is nothing to test; "
                + "lower --start or give more clicks.");
        var encoder = given is null ? Inputs.Encoder(parsed, start) : default;
        var backbone = Model.Load(parsed);
        using var torch = FrozenBackbone.Load(parsed, FitPrecision.Option, backbone, FitSteps.Device(parsed, Inputs.Device));
        var result = new OnlineTrialResult(lines);
        var before = clicks.Take(start).Select(click => (click.User, click.Item)).ToArray();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var first = given is null
                ? await FitAsync(parsed, torch, backbone, titles, encoder, before, lines, seed, cancellation)
                : new TrialStart(Fitting(given, backbone));
            var trial = new OnlineTrial(torch, backbone, titles, Inputs.Trial(parsed, seed));
            await FitSteps.RunAsync(parsed, progress =>
            {
                trial.Run(first, stream, result, progress, cancellation);
                return true;
            }, name: $"bench online, seed {seed} of {seeds}");
        }
        Write(parsed, result, backbone, new(clicks.Count, start, stream.Count, titles.Count, given is null), machine, begun);
        return ExitCode.Done;
    }

    private static void Write(ParseResult parsed, OnlineTrialResult result, Backbone backbone, Streamed streamed, Machine machine,
        long begun)
    {
        var seeds = Inputs.Seeds(parsed);
        var all = OnlineReport.Of(result.All, result, parsed.GetRequiredValue(Metric));
        new Report(parsed).WriteLine(new
        {
            bench = "online",
            clicks = streamed.Clicks,
            start = streamed.Start,
            streamed = streamed.Count,
            tested = all.Events / seeds,
            seeds,
            candidates = Inputs.Candidates(parsed),
            catalogue = streamed.Catalogue,
            lines = all.Lines,
            paired = all.Paired,
            segments = result.Segments.ToDictionary(segment => segment.Key,
                segment => OnlineReport.Of(segment.Value, result, parsed.GetRequiredValue(Metric))),
            freshness = new { p50_s = Seconds(result, 0.5), p99_s = Seconds(result, 0.99) },
            backbone = new { layers = backbone.Config.Layers, hidden = backbone.Config.Hidden, vocabulary = backbone.Config.Vocabulary },
            fit_minutes = streamed.IsFitted ? parsed.GetValue(Minutes) : (double?)null,
            seconds = Math.Round(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 1),
            machine,
            versions = new { ilora = HostFlags.Version, libtorch = TorchSharp.torch.__version__ },
        });
    }

    /// <summary>The data of a run.</summary>
    /// <param name="Clicks">All clicks of the file.</param>
    /// <param name="Start">The number of clicks before the stream.</param>
    /// <param name="Count">The number of clicks that are streamed.</param>
    /// <param name="Catalogue">The number of items.</param>
    /// <param name="IsFitted">Whether the run fitted its own adapter.</param>
    private sealed record Streamed(int Clicks, int Start, int Count, int Catalogue, bool IsFitted);

    /// <summary>Fits on the clicks before the stream, with both gates where both are asked for.</summary>
    private static async Task<TrialStart> FitAsync(ParseResult parsed, TorchBackbone torch, Backbone backbone,
        IReadOnlyDictionary<string, string> titles, (SasRec Encoder, ItemTable Items) encoder,
        IReadOnlyList<(string User, string Item)> before, IReadOnlyList<TrialMethod> lines, int seed, CancellationToken cancellation)
    {
        var data = new AdapterData(torch, backbone, titles, encoder.Encoder, encoder.Items, before, InOrder: true);
        var options = new AdapterFitOptions { Budget = TimeSpan.FromMinutes(parsed.GetValue(Minutes)), Seed = seed };
        Task<(Snapshot Made, double Loss, double Seconds)> Fit(GateKind gate) =>
            FitSteps.RunAsync(parsed,
                progress => data.Fit(options with { Gate = gate }, TitleLoss.Listwise, progress, file: null, cancellation));
        var uniform = lines.Any(line => line.Learner == TrialLearner.Uniform) ? (await Fit(GateKind.Uniform)).Made : null;
        return new(
            uniform is not null && lines.All(line => line.Learner == TrialLearner.Uniform) ? uniform : (await Fit(GateKind.Linear)).Made,
            uniform);
    }

    private static Snapshot Fitting(Snapshot snapshot, Backbone backbone)
    {
        SnapshotFit.Require(snapshot, backbone);
        return snapshot;
    }

    private static double? Seconds(OnlineTrialResult result, double quantile) =>
        result.Freshness.Of(quantile) is { } time ? Math.Round(time.TotalSeconds, 1) : null;
}
