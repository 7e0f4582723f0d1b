using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Online;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// Chooses the state that the trainer starts from: its checkpoint, else its line's newest version, else the configured initial snapshot,
/// which is published; without any it waits for a version.
/// </summary>
public sealed class TrainerStart(
    IOptions<TrainerOptions> options, IOptions<OnlineTrainerOptions> learning, AdapterFeed adapters, AdapterAnnouncer announcer,
    SnapshotLoader loader,
    CheckpointStore checkpoints, WorkerHealth health, ILogger<TrainerStart> logger)
{
    private readonly LineName line = new(options.Value.Line);

    public async Task<TrainingSession> BeginAsync(CancellationToken cancel)
    {
        torch.set_num_threads(options.Value.Threads);
        var device = TorchDevice.Choose(options.Value.Device);
        if (device.Warning is { } warning)
            TrainerLog.Device(logger, warning);
        var backbone = Backbone.Load(options.Value.Backbone, options.Value.Layers);
        var torchBackbone =
            TorchBackbone.Frozen(backbone, device.Device, BackbonePrecision.Choose(options.Value.Precision, backbone.Summary, device.Type));
        TrainerLog.Loaded(logger, backbone.Summary, torchBackbone.Precision, torchBackbone.Bytes / 1_000_000, device.Device.ToString());
        await adapters.CaughtUp.WaitAsync(cancel);
        var configuration = Checkpoint.HashOf(learning.Value, backbone.Hash);
        if (await CheckpointAsync(configuration, cancel) is { } checkpoint)
        {
            TrainerLog.Resumed(logger, line.Value, checkpoint.State.Observed, checkpoint.State.Version);
            var resumed = OnlineTrainer.Resume(torchBackbone, backbone, checkpoint, learning.Value);
            return new(torchBackbone, resumed, configuration, checkpoint.State.Offsets, checkpoint.State.Version, checkpoint.State.Events);
        }
        var manifest = await FirstAsync(backbone, cancel);
        var snapshot = await loader.LoadAsync(manifest, cancel);
        SnapshotFit.Require(snapshot, backbone);
        TrainerLog.Continues(logger, line.Value, manifest.Version.Value);
        return new(torchBackbone, new OnlineTrainer(torchBackbone, backbone, snapshot, learning.Value), configuration, manifest.Offsets,
            manifest.Version.Value, manifest.Events);
    }

    private async Task<Checkpoint?> CheckpointAsync(string configuration, CancellationToken cancel)
    {
        try
        {
            var checkpoint = await checkpoints.LoadAsync(options.Value.Line, cancel);
            if (checkpoint is null || checkpoint.State.Configuration == configuration)
                return checkpoint;
            TrainerLog.CheckpointRefused(logger, line.Value,
                "it was made with other settings or another backbone; continuing from the newest version");
        }
        catch (InvalidDataException broken)
        {
            TrainerLog.CheckpointRefused(logger, line.Value, broken.Message);
        }
        return null;
    }

    private async Task<AdapterManifest> FirstAsync(Backbone backbone, CancellationToken cancel)
    {
        var waited = false;
        while (true)
        {
            var change = adapters.NextChange;
            if (adapters.Registry.Newest(line) is { } newest)
                return newest;
            if (options.Value.Initial.Length > 0)
                return await AnnounceAsync(backbone, cancel);
            if (!waited)
                TrainerLog.Waits(logger, line.Value);
            waited = true;
            health.Waiting(options.Value.Group, $"line {line} has no version yet");
            await change.WaitAsync(cancel);
        }
    }

    private Task<AdapterManifest> AnnounceAsync(Backbone backbone, CancellationToken cancel)
    {
        var snapshot = SnapshotFolder.Load(options.Value.Initial);
        SnapshotFit.Require(snapshot, backbone);
        var version = adapters.Registry.Next(line);
        TrainerLog.Begins(logger, line.Value, options.Value.Initial, version.Value);
        return announcer.PublishAsync(snapshot, new() { Line = line, Version = version, Note = "initial" }, cancel);
    }
}
