using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Writes safetensors files. Names are sorted, so the same tensors always give the same bytes and the same content hash.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file in memory.</summary>
    /// <param name="tensors">The tensors, written as F32.</param>
    /// <param name="metadata">The metadata, or null.</param>
    /// <param name="blobs">Raw bytes by name, written as U8 vectors, or null.</param>
    /// <returns>The bytes of the file.</returns>
    public static byte[] Write(IEnumerable<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata,
        IReadOnlyDictionary<string, byte[]>? blobs = null)
    {
        using var file = new MemoryStream();
        var parts =
            tensors.Select(
                tensor =>
                    new Part(tensor.Name, "F32", tensor.Shape, 4L * tensor.Values.Length,
                        to => to.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan()))))
            .Concat((blobs ?? new Dictionary<string, byte[]>())
            .Select(blob => new Part(blob.Key, "U8", [blob.Value.Length], blob.Value.Length, to => to.Write(blob.Value))));
        Write(file, parts, metadata);
        return file.ToArray();
    }

    /// <summary>Writes a file tensor by tensor, so that only one is in memory at a time.</summary>
    /// <param name="file">The stream to write to.</param>
    /// <param name="tensors">The names and shapes of the tensors, written as F32.</param>
    /// <param name="read">Reads the tensor of a name.</param>
    /// <param name="metadata">The metadata, or null.</param>
    public static void Write(Stream file, IReadOnlyList<(string Name, IReadOnlyList<int> Shape)> tensors, Func<string, Tensor> read,
        IReadOnlyDictionary<string, string>? metadata) =>
        Write(file,
            tensors.Select(
                tensor => new Part(tensor.Name, "F32", tensor.Shape, tensor.Shape.Aggregate(4L, (product, size) => product * size),
            to => to.Write(MemoryMarshal.AsBytes(read(tensor.Name).Values.AsSpan())))), metadata);

    private static void Write(Stream file, IEnumerable<Part> unsorted, IReadOnlyDictionary<string, string>? metadata)
    {
        // F32 before U8, so that every tensor is aligned to its element size.
        var parts = unsorted.OrderBy(part => part.Type == "U8").ThenBy(part => part.Name, StringComparer.Ordinal).ToList();
        var header = Header(parts, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        file.Write(header);
        foreach (var part in parts)
            part.WriteTo(file);
    }

    private static byte[] Header(List<Part> parts, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
                WriteMetadata(json, metadata);
            long at = 0;
            foreach (var part in parts)
            {
                WriteEntry(json, part, at);
                at += part.Bytes;
            }
            json.WriteEndObject();
        }
        // Readers can map the data as float32, so it starts at a multiple of 8.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject("__metadata__");
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, Part part, long at)
    {
        json.WriteStartObject(part.Name);
        json.WriteString("dtype", part.Type);
        json.WriteStartArray("shape");
        foreach (var dimension in part.Shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(at);
        json.WriteNumberValue(at + part.Bytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Part(string Name, string Type, IReadOnlyList<int> Shape, long Bytes, Action<Stream> WriteTo);
}
