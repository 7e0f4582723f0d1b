using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Online;

/// <summary>All that a trainer needs to go on as if it had never stopped, as one object: either it is there whole, or not at all.</summary>
public sealed record Checkpoint
{
    /// <summary>Everything learned.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>Optimiser state by name.</summary>
    public required IReadOnlyList<Tensor> Optimisers { get; init; }

    public required CheckpointState State { get; init; }

    /// <summary>A zip of safetensors and one JSON document.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (part, bytes) in SnapshotParts.Write(Snapshot))
                Add(zip, $"parts/{part}", bytes);
            Add(zip, "optimisers", SafetensorsWriter.Write(Optimisers, null));
            Add(zip, "state.json", JsonSerializer.SerializeToUtf8Bytes(State, CheckpointJson.Default.CheckpointState));
        }
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint.</exception>
    public static Checkpoint Parse(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var entries = zip.Entries.ToDictionary(entry => entry.FullName, Read, StringComparer.Ordinal);
        if (!entries.TryGetValue("state.json", out var state) || !entries.TryGetValue("optimisers", out var optimisers))
            throw new InvalidDataException("The checkpoint lacks its state or its optimisers: delete it to begin again from the last version.");
        var file = SafetensorsFile.Parse(optimisers, "checkpoint's optimisers");
        return new()
        {
            Snapshot = SnapshotParts.Read(entries.Where(entry => entry.Key.StartsWith("parts/", StringComparison.Ordinal))
                .ToDictionary(entry => entry.Key["parts/".Length..], entry => (ReadOnlyMemory<byte>)entry.Value, StringComparer.Ordinal)),
            Optimisers = [.. file.Names.Select(file.Read)],
            State = JsonSerializer.Deserialize(state, CheckpointJson.Default.CheckpointState) ?? throw new InvalidDataException("The checkpoint's state is null."),
        };
    }

    /// <summary>What the learned state depends on: training with other settings is another experiment, not a resumption.</summary>
    public static string HashOf(OnlineTrainerOptions options, string backbone) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options}|{backbone}")));

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(bytes);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var source = entry.Open();
        using var copy = new MemoryStream();
        source.CopyTo(copy);
        return copy.ToArray();
    }
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
