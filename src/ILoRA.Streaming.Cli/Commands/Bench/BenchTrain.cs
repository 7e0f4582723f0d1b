using System.CommandLine;
using ILoRA.Streaming.Cli.Benching;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Commands.Fit;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Cli.Commands.Bench;

/// <summary><c>ilora bench train</c></summary>
internal static class BenchTrain
{
    private static readonly ModelInputs Inputs = new();
    private static readonly OnlineTrainerOptions Defaults = new();
    private static readonly Option<int> Samples =
        new Option<int>("--samples")
        {
            Description = "Samples a run, the newest of the clicks",
            HelpName = "N",
            DefaultValueFactory = _ => 2_000
        }.AtLeast(1);
    private static readonly Option<double> Share =
        new("--language-model-share")
        {
            Description = "The part of the samples that also goes through the language model",
            HelpName = "PART",
            DefaultValueFactory = _ => Defaults.LanguageModelShare
        };
    private static readonly Option<int?> TrainedLayers =
        new("--trained-layers") { Description = "In how many of the upper layers the adapter learns (default all)", HelpName = "N" };

    public static Command Create()
    {
        var command =
            new DocumentedCommand("train",
                "Online training as the trainer does it, without Kafka: samples a second from a fresh start of the snapshot",
            "ilora bench train --backbone backbone/ --adapter adapter/ --items items.tsv --clicks events.tsv --format "
            + "online-retail") { Samples, Share, TrainedLayers, FitPrecision.Option, BenchOptions.Runs, Report.JsonOption };
        Inputs.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(TrainedLayers) is < 1)
            throw new UsageException("--trained-layers must be at least 1.");
        var machine = Machine.Current;
        var (backbone, snapshot, items) = (Inputs.Backbone(parsed), Inputs.Snapshot(parsed), Inputs.Items(parsed, cancellation));
        var samples = Inputs.Samples(parsed, items, parsed.GetValue(Samples), cancellation);
        var options = Defaults with
        {
            LanguageModelShare = parsed.GetValue(Share),
            TrainedLayers = parsed.GetValue(TrainedLayers),
            Seed = Inputs.Seed(parsed),
        };
        using var torch = FrozenBackbone.Load(parsed, FitPrecision.Option, backbone, TorchDevice.Choose(Inputs.Device(parsed)).Device);
        var rates = Measure(parsed, () => SamplesPerSecond(torch, backbone, snapshot, items, samples, options, cancellation));
        new Report(parsed).WriteLine(new
        {
            bench = "train",
            samples = samples.Count,
            batch = options.Batch,
            language_model_share = options.LanguageModelShare,
            catalogue = items.Count,
            backbone = new
            {
                layers = backbone.Config.Layers,
                hidden = backbone.Config.Hidden,
                precision = torch.Precision,
                vocabulary = backbone.Config.Vocabulary
            },
            samples_per_second = Runs.Rounded(Runs.Median(rates)),
            ms_per_sample = Runs.Rounded(1000 / Runs.Median(rates)),
            runs = rates.Select(Runs.Rounded).ToArray(),
            machine,
            versions = new { ilora = HostFlags.Version, libtorch = TorchSharp.torch.__version__ },
        });
        return ExitCode.Done;
    }

    /// <summary>Samples per second of each run; after one run to warm up.</summary>
    private static List<double> Measure(ParseResult parsed, Func<double> samplesPerSecond)
    {
        var rates = new List<double>();
        for (var run = 0; run <= BenchOptions.PositiveRuns(parsed); run++)
        {
            var rate = samplesPerSecond();
            parsed.InvocationConfiguration.Error.WriteLine($"bench train: {(run == 0 ? "warm-up" : $"run {run}")}: {rate:N1} samples/s");
            if (run > 0)
                rates.Add(rate);
        }
        return rates;
    }

    private static double SamplesPerSecond(
        TorchBackbone torch, Backbone backbone, Snapshot snapshot, IReadOnlyList<ItemLine> items, IReadOnlyList<Sample> samples,
        OnlineTrainerOptions options, CancellationToken cancellation)
    {
        using var trainer = new OnlineTrainer(torch, backbone, snapshot, options);
        foreach (var item in items)
            trainer.SetItem(item.Item, item.Title);
        var started = TimeProvider.System.GetTimestamp();
        foreach (var batch in samples.Chunk(options.Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            trainer.Observe(batch);
        }
        return samples.Count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
