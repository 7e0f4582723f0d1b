using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Online;

public sealed partial class OnlineTrainer
{
    /// <summary>The whole state as a checkpoint.</summary>
    /// <param name="configuration">See <see cref="Checkpoint.HashOf"/>.</param>
    /// <param name="offsets">The next offset to train on, by "topic-partition".</param>
    /// <param name="version">The last published version.</param>
    /// <param name="events">The latest event time trained on.</param>
    public Checkpoint Save(string configuration, IReadOnlyDictionary<string, long> offsets, string? version, DateTimeOffset? events)
    {
        var (head, scale) = model.Head.Save();
        return new()
        {
            Snapshot = model.Export(counts.Export(), neighbours.Save(counts.Count)) with { Head = head },
            Optimisers = [.. encoderAdam.Save("encoder"), .. headAdam.Save("head"), .. scalarAdam.Save("scalars"),
                .. adapterAdam.Save("adapter"), scale],
            State = new(configuration, Observed, random.State, replay.Save(), offsets, version, events),
        };
    }

    /// <summary>
    /// Resumes from a checkpoint. The catalogue's titles are not part of it; they must be set again by <see cref="SetItem"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The checkpoint lacks a tensor, for example because another version of the software wrote it.
    /// </exception>
    public static OnlineTrainer Resume(TorchBackbone torchBackbone, Backbone backbone, Checkpoint checkpoint, OnlineTrainerOptions options)
    {
        var trainer = new OnlineTrainer(torchBackbone, backbone, checkpoint.Snapshot, options);
        try
        {
            var tensors = checkpoint.Optimisers.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            trainer.model.Head.Load(tensors);
            trainer.encoderAdam.Load("encoder", tensors);
            trainer.headAdam.Load("head", tensors);
            trainer.scalarAdam.Load("scalars", tensors);
            trainer.adapterAdam.Load("adapter", tensors);
            trainer.random = new SavedRandom(checkpoint.State.Random);
            trainer.replay.Load(checkpoint.State.Replay);
            trainer.Observed = checkpoint.State.Observed;
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }
}
