using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Checkpoints;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// A checkpoint of an offline fit. A resumed fit with a fixed number of steps gives bitwise the same result as one that was never stopped,
/// on the same machine with the same software version, settings and number of threads (see <see cref="Devices.MklKernels"/>).
/// </summary>
/// <param name="Current">The current state, with the head's maps unscaled.</param>
/// <param name="Best">The state with the lowest validation loss; null before the first validation.</param>
/// <param name="Optimisers">The optimisers' state as named tensors.</param>
/// <param name="State">The fit's progress.</param>
public sealed record FitCheckpoint(Snapshot Current, Snapshot? Best, IReadOnlyList<Tensor> Optimisers, FitState State)
{
    private const string CurrentName = "current", BestName = "best";

    public byte[] ToBytes()
    {
        var snapshots = new Dictionary<string, Snapshot> { [CurrentName] = Current };
        if (Best is not null)
            snapshots[BestName] = Best;
        return new CheckpointArchive(snapshots, Optimisers,
            JsonSerializer.SerializeToUtf8Bytes(State, FitStateJson.Default.FitState)).ToBytes();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a checkpoint of a fit.</exception>
    public static FitCheckpoint Parse(byte[] bytes)
    {
        var archive = CheckpointArchive.Parse(bytes);
        return archive.Snapshots.TryGetValue(CurrentName, out var current)
            ? new(current, archive.Snapshots.GetValueOrDefault(BestName), archive.Optimisers,
                archive.StateAs(FitStateJson.Default.FitState))
            : throw new InvalidDataException("This is not the checkpoint of a fit: delete it to start over.");
    }
}

/// <summary>The part of a fit's checkpoint that is stored as JSON.</summary>
/// <param name="Configuration">A hash of data and settings; a fit resumes only from a checkpoint with its own hash.</param>
/// <param name="Seconds">The time spent so far, in seconds.</param>
public sealed record FitState(string Configuration, double Seconds)
{
    /// <summary>The number of steps done, in the first stage of an adapter fit or in a title fit.</summary>
    public long Step { get; init; }

    /// <summary>The number of targets or samples trained on in those steps.</summary>
    public long Seen { get; init; }

    /// <summary>The loss of the last step, nats.</summary>
    public double Loss { get; init; }

    /// <summary>The lowest validation loss, nats.</summary>
    public double BestLoss { get; init; }

    /// <summary>Whether it is lower than the first validation loss (<see cref="BestState.Improved"/>).</summary>
    public bool Gained { get; init; }

    /// <summary>The number of validations since the best one.</summary>
    public int Worse { get; init; }

    /// <summary>The learning-rate decay after early stopping; null before it.</summary>
    public Cooling? Cooling { get; init; }

    /// <summary>The trainer's state in the second stage; null in the first.</summary>
    public CheckpointState? InOrder { get; init; }

    /// <summary>The share of the second stage's samples that goes through the language model.</summary>
    public double Share { get; init; }
}

[JsonSerializable(typeof(FitState))]
internal sealed partial class FitStateJson : JsonSerializerContext;
