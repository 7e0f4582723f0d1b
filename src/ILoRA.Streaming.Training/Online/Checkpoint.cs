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
/// A checkpoint of the online trainer. A trainer that resumes from it computes bitwise the same as one that was never stopped, on the same
/// machine with the same software version, settings and number of threads (see <see cref="Devices.MklKernels"/>).
/// </summary>
public sealed record Checkpoint
{
    private const string Parts = "parts";

    /// <summary>All learned parameters, counts and neighbours.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>The optimisers' state as named tensors.</summary>
    public required IReadOnlyList<Tensor> Optimisers { get; init; }

    public required CheckpointState State { get; init; }

    public byte[] ToBytes() =>
        new CheckpointArchive(new Dictionary<string, Snapshot> { [Parts] = Snapshot }, Optimisers,
            JsonSerializer.SerializeToUtf8Bytes(State, CheckpointJson.Default.CheckpointState)).ToBytes();

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a checkpoint of an online trainer.</exception>
    public static Checkpoint Parse(byte[] bytes)
    {
        var archive = CheckpointArchive.Parse(bytes);
        return new()
        {
            Snapshot = archive.Snapshots.TryGetValue(Parts, out var snapshot) ? snapshot
                : throw new InvalidDataException("The checkpoint lacks its snapshot: delete it to start over from the last version."),
            Optimisers = archive.Optimisers,
            State = archive.StateAs(CheckpointJson.Default.CheckpointState),
        };
    }

    /// <summary>
    /// A hash of settings and backbone; a trainer resumes only from a checkpoint with its own hash. The backbone's precision is not part of
    /// it: the trained parameters are float32 in any case, and a line may move to a machine where <c>auto</c> chooses another precision.
    /// </summary>
    public static string HashOf(OnlineTrainerOptions options, string backbone) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options}|{backbone}")));
}

/// <summary>The part of a checkpoint that is stored as JSON.</summary>
/// <param name="Configuration">See <see cref="Checkpoint.HashOf"/>.</param>
/// <param name="Observed">The number of samples since the line's first version.</param>
/// <param name="Random">The state of the random generator.</param>
/// <param name="Replay">The content of the replay buffer.</param>
/// <param name="Offsets">The next offset to train on, by "topic-partition".</param>
/// <param name="Version">The last published version.</param>
/// <param name="Events">The latest event time trained on.</param>
public sealed record CheckpointState(string Configuration, long Observed, ulong Random, ReplayState Replay,
    IReadOnlyDictionary<string, long> Offsets, string? Version, DateTimeOffset? Events);

[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
