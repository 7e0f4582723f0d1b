using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Fits;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>
/// Fits all that a shop needs before it goes live: a tiny backbone from the titles where none is given, then encoder and adapter. To be
/// judged, these two are first fitted on the earlier clicks alone, then on all of them. A fit that was stopped goes on where it was.
/// </summary>
/// <param name="options">How.</param>
/// <param name="device">Where.</param>
/// <param name="time">Measures.</param>
public sealed class OfflineFit(OfflineFitOptions options, Device device, TimeProvider time)
{
    /// <summary>The part of the clicks that the encoder is fitted on; on those after them the score's weights are chosen, test then
    /// train.</summary>
    private const double KnownShare = 0.7;

    /// <summary>The most that the tiny backbone may take of the budget, and an encoder of what its fit has.</summary>
    private const double BackboneShare = 0.2, EncoderShare = 0.3;

    /// <summary>Below, passes are too small to be shared among threads.</summary>
    private const long SmallBackbone = 20_000_000;

    private static readonly TimeSpan KeepEvery = TimeSpan.FromMinutes(1);

    /// <summary>Whether the folder holds this fit already, so that <see cref="Run"/> fits nothing.</summary>
    public bool IsDone(OfflineData data, string folder) => OfflineFolder.At(folder) is { IsDone: true } made && made.Holds(KeyOf(data));

    /// <param name="data">Catalogue and clicks.</param>
    /// <param name="folder">Where everything goes; made where missing.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    /// <returns>The parts, and the verdict, if one was wanted.</returns>
    /// <exception cref="InvalidDataException">A verdict is wanted, and the later clicks are of no user or of one.</exception>
    public OfflineResult Run(OfflineData data, string folder, IProgress<FitProgress>? progress = null, CancellationToken stop = default)
    {
        var judged = options.HoldOutShare > 0;
        // What cannot be judged is refused before minutes are spent on a fit.
        if (judged)
            data.Judged(options.HoldOutShare);
        var made = OfflineFolder.Open(folder, KeyOf(data));
        var stages = new OfflineStages(progress, (options.Backbone is null ? 1 : 0) + (judged ? 5 : 2));
        if (made.IsDone)
            return Result(made);
        var begun = time.GetTimestamp();
        var backbone = Backbone(data, made, stages, stop);
        using var frozen = TorchBackbone.Frozen(backbone, device,
            BackbonePrecision.Choose(options.Precision, backbone.Summary, device.type));
        var work = new Work(data, backbone, frozen, stages);
        if (judged)
        {
            Judge(work, made, (options.Budget - time.GetElapsedTime(begun)) / 2, stop);
            OfflineFolder.Remove(made.Judged.Root);
        }
        // What is left counts, so that a slow first half does not make the whole late; a tenth is kept for a fit that would otherwise have
        // none.
        var left = options.Budget - time.GetElapsedTime(begun);
        Fit(work, data.Clicks.Count, judged ? "all clicks" : "", made, left > options.Budget / 10 ? left : options.Budget / 10, stop);
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

    private void Judge(Work work, OfflineFolder made, TimeSpan budget, CancellationToken stop)
    {
        var before = work.Data.Before(options.HoldOutShare);
        if (File.Exists(made.Verdict))
        {
            work.Stages.Skip(3);
            return;
        }
        var snapshot = Fit(work, before, "earlier clicks", made.Judged, budget, stop);
        var report = work.Stages.Next("verdict on the later clicks");
        var judge = new OfflineEvaluator(work.Frozen, work.Backbone, options);
        OfflineFolder.Once(made.Verdict, path =>
            TorchThreads.OnOneThread(() => judge.Run(work.Data, before, KnownOf(before), snapshot, report, stop)).Write(path));
    }

    /// <summary>Encoder and adapter on the first clicks.</summary>
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
            var file = new FitFile(made.Checkpoint, KeepEvery, time);
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

/// <param name="Folder">Where the parts are.</param>
/// <param name="Backbone">The folder or file of the language model that the adapter is for.</param>
/// <param name="Verdict">Null where none was wanted.</param>
public sealed record OfflineResult(OfflineFolder Folder, string Backbone, OfflineVerdict? Verdict);
