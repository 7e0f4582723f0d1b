using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Checkpoints;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Online;

/// <summary>
/// All that a trainer needs to go on as if it had never stopped, as one object: either it is there whole, or not at all. Bit for bit on the same machine, with the same version,
/// settings and number of threads (see <see cref="Devices.MklKernels"/>).
/// </summary>
public sealed record Checkpoint
{
    private const string Parts = "parts";

    /// <summary>Everything learned.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>Optimiser state by name.</summary>
    public required IReadOnlyList<Tensor> Optimisers { get; init; }

    public required CheckpointState State { get; init; }

    public byte[] ToBytes() => new CheckpointArchive(new Dictionary<string, Snapshot> { [Parts] = Snapshot }, Optimisers, JsonSerializer.SerializeToUtf8Bytes(State, CheckpointJson.Default.CheckpointState)).ToBytes();

    /// <exception cref="InvalidDataException">The bytes are no checkpoint.</exception>
    public static Checkpoint Parse(byte[] bytes)
    {
        var archive = CheckpointArchive.Parse(bytes);
        return new()
        {
            Snapshot = archive.Snapshots.TryGetValue(Parts, out var snapshot) ? snapshot : throw new InvalidDataException("The checkpoint lacks its snapshot: delete it to begin again from the last version."),
            Optimisers = archive.Optimisers,
            State = archive.StateAs(CheckpointJson.Default.CheckpointState),
        };
    }

    /// <summary>
    /// What the learned state depends on: training with other settings is another experiment, not a resumption. The backbone's precision is not among them: what is
    /// learned is float32 either way, and a line may move to a machine where <c>auto</c> means the other.
    /// </summary>
    public static string HashOf(OnlineTrainerOptions options, string backbone) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options}|{backbone}")));
}

/// <param name="Configuration">See <see cref="Checkpoint.HashOf"/>.</param>
/// <param name="Observed">Samples since the beginning of the line.</param>
/// <param name="Random">The generator's state.</param>
/// <param name="Replay">The replay buffer.</param>
/// <param name="Offsets">Next offset to train on, by "topic-partition".</param>
/// <param name="Version">The last published version.</param>
/// <param name="Events">The latest event time trained on.</param>
public sealed record CheckpointState(string Configuration, long Observed, ulong Random, ReplayState Replay,
    IReadOnlyDictionary<string, long> Offsets, string? Version, DateTimeOffset? Events);

[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
