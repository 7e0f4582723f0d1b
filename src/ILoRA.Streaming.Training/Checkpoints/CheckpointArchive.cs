using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Training.Checkpoints;

/// <summary>The format of a checkpoint: one zip archive with snapshots, optimiser tensors and a JSON document.</summary>
/// <param name="Snapshots">Learned parameters, by name.</param>
/// <param name="Optimisers">Named tensors of the optimisers' state.</param>
/// <param name="State">The JSON document with all other state.</param>
public sealed record CheckpointArchive(IReadOnlyDictionary<string, Snapshot> Snapshots, IReadOnlyList<Tensor> Optimisers, byte[] State)
{
    private const string OptimisersEntry = "optimisers";
    private const string StateEntry = "state.json";

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, snapshot) in Snapshots)
                foreach (var (part, bytes) in SnapshotParts.Write(snapshot))
                    Add(zip, $"{name}/{part}", bytes);
            Add(zip, OptimisersEntry, SafetensorsWriter.Write(Optimisers, null));
            Add(zip, StateEntry, State);
        }
        return stream.ToArray();
    }

    /// <summary>Deserialises <see cref="State"/>.</summary>
    /// <param name="type">The JSON type information of the state.</param>
    /// <exception cref="InvalidDataException">The state is not valid JSON of this type.</exception>
    public T StateAs<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(State, type)
                ?? throw new InvalidDataException("The checkpoint's state is null: delete it to start over.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"The checkpoint's state cannot be read ({broken.Message}): delete it to start over.", broken);
        }
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a checkpoint.</exception>
    public static CheckpointArchive Parse(byte[] bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (ArgumentException broken)
        {
            throw new InvalidDataException("The checkpoint contains a part twice: delete it to start over.", broken);
        }
    }

    private static CheckpointArchive Read(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var entries = zip.Entries.ToDictionary(entry => entry.FullName, Read, StringComparer.Ordinal);
        if (!entries.TryGetValue(StateEntry, out var state) || !entries.TryGetValue(OptimisersEntry, out var optimisers))
            throw new InvalidDataException("The checkpoint lacks its state or its optimisers: delete it to start over.");
        var file = SafetensorsFile.Parse(optimisers, "checkpoint's optimisers");
        var snapshots = entries.Where(entry => entry.Key.Contains('/', StringComparison.Ordinal))
            .GroupBy(entry => entry.Key[..entry.Key.IndexOf('/', StringComparison.Ordinal)], StringComparer.Ordinal)
            .ToDictionary(group => group.Key,
                group => SnapshotParts.Read(
                    group.ToDictionary(entry => entry.Key[(group.Key.Length + 1)..], entry => (ReadOnlyMemory<byte>)entry.Value,
                        StringComparer.Ordinal)), StringComparer.Ordinal);
        return new(snapshots, [.. file.Names.Select(file.Read)], state);
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(bytes);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        // Entries are written uncompressed, so a compressed one is foreign and could expand until memory runs out (a zip bomb).
        if (entry.CompressedLength != entry.Length)
            throw new InvalidDataException(
                $"The checkpoint's '{entry.FullName}' is compressed, which is not allowed: delete it to start over.");
        using var source = entry.Open();
        using var copy = new MemoryStream();
        source.CopyTo(copy);
        return copy.ToArray();
    }
}
