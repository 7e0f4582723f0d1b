using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Checkpoints;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// All that an offline fit needs to go on as if it had never stopped: of counted steps bit for bit, on the same machine, with the same version, settings and number of threads (see
/// <see cref="Devices.MklKernels"/>).
/// </summary>
/// <param name="Current">The state learned so far; the head's maps unscaled.</param>
/// <param name="Best">The state that did best on what was put aside; null before the first was tried.</param>
/// <param name="Optimisers">Optimiser state by name.</param>
/// <param name="State">Where the fit stands.</param>
public sealed record FitCheckpoint(Snapshot Current, Snapshot? Best, IReadOnlyList<Tensor> Optimisers, FitState State)
{
    private const string CurrentName = "current", BestName = "best";

    public byte[] ToBytes()
    {
        var snapshots = new Dictionary<string, Snapshot> { [CurrentName] = Current };
        if (Best is not null)
            snapshots[BestName] = Best;
        return new CheckpointArchive(snapshots, Optimisers, JsonSerializer.SerializeToUtf8Bytes(State, FitStateJson.Default.FitState)).ToBytes();
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of a fit.</exception>
    public static FitCheckpoint Parse(byte[] bytes)
    {
        var archive = CheckpointArchive.Parse(bytes);
        return archive.Snapshots.TryGetValue(CurrentName, out var current)
            ? new(current, archive.Snapshots.GetValueOrDefault(BestName), archive.Optimisers, archive.StateAs(FitStateJson.Default.FitState))
            : throw new InvalidDataException("This is no checkpoint of a fit: delete it to begin again.");
    }
}

/// <param name="Configuration">A hash of everything that the fit depends on: another is another fit.</param>
/// <param name="Seconds">Time spent so far.</param>
public sealed record FitState(string Configuration, double Seconds)
{
    /// <summary>Steps done of the first pass, or of the title scorer's.</summary>
    public long Step { get; init; }

    /// <summary>Targets or samples learned from in those steps.</summary>
    public long Seen { get; init; }

    /// <summary>The last step's, nats.</summary>
    public double Loss { get; init; }

    /// <summary>The lowest loss on what was put aside.</summary>
    public double BestLoss { get; init; }

    /// <summary>Whether that is lower than the first one tried.</summary>
    public bool Gained { get; init; }

    /// <summary>Tries since then that did worse.</summary>
    public int Worse { get; init; }

    /// <summary>The end after a plateau; null before it.</summary>
    public Cooling? Cooling { get; init; }

    /// <summary>The second pass; null in the first.</summary>
    public CheckpointState? InOrder { get; init; }

    /// <summary>The part of the second pass's samples that goes through the language model.</summary>
    public double Share { get; init; }
}

[JsonSerializable(typeof(FitState))]
internal sealed partial class FitStateJson : JsonSerializerContext;
