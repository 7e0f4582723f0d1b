using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Fits;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>
/// Fits all models that a shop needs before it goes live: a tiny backbone from the titles if none is given, an encoder and an adapter. For
/// a hold-out evaluation, encoder and adapter are first fitted on the earlier clicks only, and then on all clicks. A stopped fit resumes
/// where it was.
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="device">The device to train on.</param>
/// <param name="time">The clock for the budget.</param>
public sealed class OfflineFit(OfflineFitOptions options, Device device, TimeProvider time)
{
    /// <summary>The share of the clicks that the encoder is fitted on; the later clicks are for the weights of the score's terms.</summary>
    private const double KnownShare = 0.7;

    /// <summary>The maximum share of the tiny backbone in the whole budget, and of an encoder in the budget of its fit.</summary>
    private const double BackboneShare = 0.2, EncoderShare = 0.3;

    /// <summary>The number of parameters below which several threads per forward pass are slower than one.</summary>
    private const long SmallBackbone = 20_000_000;

    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    /// <summary>Whether the folder holds this fit already, so that <see cref="Run"/> fits nothing.</summary>
    public bool IsDone(OfflineData data, string folder) => OfflineFolder.At(folder) is { IsDone: true } made && made.Holds(KeyOf(data));

    /// <summary>Runs the fit, or the parts of it that the folder does not contain yet.</summary>
    /// <param name="data">Catalogue and clicks.</param>
    /// <param name="folder">The output folder; created if missing.</param>
    /// <param name="progress">Reported to after every step.</param>
    /// <param name="stop">Cancels the fit.</param>
    /// <returns>The fitted parts, and the result of the hold-out evaluation, if there is one.</returns>
    /// <exception cref="InvalidDataException">The held-out clicks cannot be evaluated (see <see cref="OfflineData.HeldOut"/>).</exception>
    public OfflineResult Run(OfflineData data, string folder, IProgress<FitProgress>? progress = null, CancellationToken stop = default)
    {
        var evaluates = options.HoldOutShare > 0;
        // Fails before minutes are spent on a fit that cannot be evaluated.
        if (evaluates)
            data.HeldOut(options.HoldOutShare);
        var made = OfflineFolder.Open(folder, KeyOf(data));
        var stages = new OfflineStages(progress, (options.Backbone is null ? 1 : 0) + (evaluates ? 5 : 2));
        if (made.IsDone)
            return Result(made);
        var begun = time.GetTimestamp();
        var backbone = Backbone(data, made, stages, stop);
        using var frozen = TorchBackbone.Frozen(backbone, device,
            BackbonePrecision.Choose(options.Precision, backbone.Summary, device.type));
        var work = new Work(data, backbone, frozen, stages);
        if (evaluates)
        {
            Evaluate(work, made, (options.Budget - time.GetElapsedTime(begun)) / 2, stop);
            OfflineFolder.Remove(made.Judged.Root);
        }
        // The second fit gets the remaining time, so that a slow first one does not exceed the budget, but at least a tenth of the budget.
        var left = options.Budget - time.GetElapsedTime(begun);
        Fit(work, data.Clicks.Count, evaluates ? "all clicks" : "", made, left > options.Budget / 10 ? left : options.Budget / 10, stop);
        return Result(made);
    }

    private string KeyOf(OfflineData data) => OfflineFolder.KeyOf(data, options, options.Backbone is null ? "" : Given().Hash);

    private OfflineResult Result(OfflineFolder made) =>
        new(made, options.Backbone ?? made.Backbone, File.Exists(made.Verdict) ? OfflineVerdict.Read(made.Verdict) : null);

    private Backbone Given() => Model.Loading.Backbone.Load(options.Backbone!, options.Layers);

    private Backbone Backbone(OfflineData data, OfflineFolder made, OfflineStages stages, CancellationToken stop)
    {
        if (options.Backbone is not null)
            return Given();
        var clock = new FitClock(time, options.Budget * BackboneShare, TimeSpan.Zero);
        var report = stages.Next("tiny language model from the titles");
        OfflineFolder.Once(made.Backbone, path => TorchThreads.OnOneThread(() =>
            BackboneFit.Run([.. data.Items.Select(item => item.Title)], path, options.TinyBackbone(data.Items.Count), device, report,
                clock, stop)));
        return Model.Loading.Backbone.Load(made.Backbone);
    }

    private void Evaluate(Work work, OfflineFolder made, TimeSpan budget, CancellationToken stop)
    {
        var before = work.Data.Before(options.HoldOutShare);
        if (File.Exists(made.Verdict))
        {
            work.Stages.Skip(3);
            return;
        }
        var snapshot = Fit(work, before, "earlier clicks", made.Judged, budget, stop);
        var report = work.Stages.Next("verdict on the later clicks");
        var evaluator = new OfflineEvaluator(work.Frozen, work.Backbone, options);
        OfflineFolder.Once(made.Verdict, path =>
            TorchThreads.OnOneThread(() => evaluator.Run(work.Data, before, KnownOf(before), snapshot, report, stop)).Write(path));
    }

    /// <summary>Fits encoder and adapter on the first <paramref name="count"/> clicks.</summary>
    private Snapshot Fit(Work work, int count, string which, OfflineFolder made, TimeSpan budget, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        (string User, string Item)[] clicks = [.. work.Data.Clicks.Take(count).Select(click => (click.User, click.Item))];
        var known = KnownOf(count);
        var report = work.Stages.Next("encoder", which);
        OfflineFolder.Once(made.Encoder, path =>
        {
            var fit = new ClickEncoderFit([.. work.Data.Items.Select(item => item.Item)], options.Encoder with { Seed = options.Seed },
                options.Adapter.Trainer.PopularityHalfLife);
            var fitted = TorchThreads.OnOneThread(() =>
                fit.Run([.. clicks.Take(known)], device, report, new FitClock(time, budget * EncoderShare, TimeSpan.Zero), stop));
            File.WriteAllBytes(path, EncoderPart.Write(fitted.Encoder, fitted.Items));
        });
        report = work.Stages.Next("adapter", which);
        OfflineFolder.Once(made.Adapter, path =>
        {
            var (encoder, items) = EncoderPart.Read(SafetensorsFile.Open(made.Encoder));
            var left = budget - time.GetElapsedTime(begun);
            var fit = new AdapterFit(work.Frozen, work.Backbone, work.Data.Titles,
                options.Adapter with { Seed = options.Seed, Budget = left > budget / 3 ? left : budget / 3 }, time);
            var file = new FitFile(made.Checkpoint, SaveEvery, time);
            var snapshot = Threads(work.Backbone, () => fit.Run(encoder, items, clicks, known, report, file, stop));
            AdapterFolder.Write(snapshot, path, Path.GetFileName(options.Backbone ?? "backbone"));
            SnapshotFolder.Save(snapshot, path);
            file.Delete();
        });
        return SnapshotFolder.Load(made.Adapter);
    }

    private T Threads<T>(Backbone backbone, Func<T> work) => device.type == TorchSharp.DeviceType.CPU
        && backbone.Summary.Parameters < SmallBackbone ? TorchThreads.OnOneThread(work) : work();

    private static int KnownOf(int count) => (int)(KnownShare * count);

    private sealed record Work(OfflineData Data, Backbone Backbone, TorchBackbone Frozen, OfflineStages Stages);
}

/// <summary>The result of an offline fit.</summary>
/// <param name="Folder">The folder with the fitted parts.</param>
/// <param name="Backbone">The folder or file of the adapter's backbone.</param>
/// <param name="Verdict">The result of the hold-out evaluation; null without one.</param>
public sealed record OfflineResult(OfflineFolder Folder, string Backbone, OfflineVerdict? Verdict);
