using System.CommandLine;
using ILoRA.Streaming.Cli.Benching;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Cli.Commands.Bench;

/// <summary><c>ilora bench serve</c></summary>
internal static class BenchServe
{
    private static readonly ModelInputs Inputs = new();
    private static readonly Option<int> Rankings =
        new Option<int>("--rankings")
        {
            Description = "Histories ranked a run, the newest of the clicks",
            HelpName = "N",
            DefaultValueFactory = _ => 500
        }.AtLeast(1);
    private static readonly Option<int> Concurrency =
        new Option<int>("--concurrency")
        {
            Description = "Rankings at once, one thread each",
            HelpName = "N",
            DefaultValueFactory = _ => new InferenceOptions().Concurrency
        }.AtLeast(1);

    public static Command Create()
    {
        var command =
            new DocumentedCommand("serve",
                "Ranking as the inference worker does it, without Kafka: rankings a second, and milliseconds of each",
            "ilora bench serve --backbone backbone/ --adapter adapter/ --items items.tsv --clicks events.tsv --format "
            + "online-retail") { Rankings, Concurrency, BenchOptions.Runs, Report.JsonOption };
        Inputs.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var machine = Machine.Current;
        var options = new InferenceOptions { Concurrency = parsed.GetValue(Concurrency) };
        var (backbone, snapshot, items) = (Inputs.Backbone(parsed), Inputs.Snapshot(parsed), Inputs.Items(parsed, cancellation));
        IReadOnlyList<ItemId>[] histories = [.. Inputs.Samples(parsed, items, parsed.GetValue(Rankings), cancellation)
            .Select(sample => sample.History.Select(item => new ItemId(item)).ToArray())];
        var cluster = new Cluster(parsed);
        using var work =
            new ServeWork(backbone, snapshot, ModelInputs.Catalogue(items), options, cluster.Logs.CreateLogger<ServeWork>(),
                cluster.Weights());
        var (rates, times) = Measure(parsed, work, histories, cancellation);
        new Report(parsed).WriteLine(new
        {
            bench = "serve",
            rankings = histories.Length,
            catalogue = items.Count,
            scorer = snapshot.Scorer.ToString(),
            backbone = new { layers = backbone.Config.Layers, hidden = backbone.Config.Hidden, vocabulary = backbone.Config.Vocabulary },
            concurrency = options.Concurrency,
            rankings_per_second = Runs.Rounded(Runs.Median(rates)),
            p50_ms = Runs.Rounded(Runs.Median(times)),
            p99_ms = Runs.Rounded(Runs.Quantile(times, 0.99)),
            runs = rates.Select(Runs.Rounded).ToArray(),
            machine,
            versions = new
            {
                ilora = HostFlags.Version,
                onnxruntime = typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version?.ToString(3)
            },
        });
        return ExitCode.Done;
    }

    /// <summary>Rankings per second of each run, and the milliseconds of all rankings; after one run to warm up.</summary>
    private static (List<double> Rates, List<double> Times) Measure(
        ParseResult parsed, ServeWork work, IReadOnlyList<ItemId>[] histories, CancellationToken cancellation)
    {
        var (rates, times) = (new List<double>(), new List<double>());
        for (var run = 0; run <= BenchOptions.PositiveRuns(parsed); run++)
        {
            var (milliseconds, perSecond) = work.Run(histories, cancellation);
            parsed.InvocationConfiguration.Error.WriteLine(
                $"bench serve: {(run == 0 ? "warm-up" : $"run {run}")}: {perSecond:N1} rankings/s");
            if (run == 0)
                continue;
            rates.Add(perSecond);
            times.AddRange(milliseconds);
        }
        return (rates, times);
    }
}
