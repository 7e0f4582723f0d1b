using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Writes safetensors; the same tensors give the same bytes (names sorted), so a content hash names them.</summary>
public static class SafetensorsWriter
{
    /// <param name="tensors">Written as F32.</param>
    /// <param name="metadata">String pairs, or null.</param>
    /// <param name="blobs">Raw bytes, written as U8 vectors, or null.</param>
    public static byte[] Write(IEnumerable<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata, IReadOnlyDictionary<string, byte[]>? blobs = null)
    {
        var parts = tensors.Select(tensor => new Part(tensor.Name, "F32", tensor.Shape, MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray()))
            .Concat((blobs ?? new Dictionary<string, byte[]>()).Select(blob => new Part(blob.Key, "U8", [blob.Value.Length], blob.Value)))
            // Wide types first keeps every tensor aligned to its element.
            .OrderBy(part => part.Type == "U8").ThenBy(part => part.Name, StringComparer.Ordinal).ToList();
        var header = Header(parts, metadata);
        var file = new byte[8 + header.Length + parts.Sum(part => part.Data.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file.AsSpan(8));
        var at = 8 + header.Length;
        foreach (var part in parts)
        {
            part.Data.CopyTo(file.AsSpan(at));
            at += part.Data.Length;
        }
        return file;
    }

    private static byte[] Header(List<Part> parts, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
                WriteMetadata(json, metadata);
            var at = 0;
            foreach (var part in parts)
            {
                WriteEntry(json, part, at);
                at += part.Data.Length;
            }
            json.WriteEndObject();
        }
        // Readers map the data as float32: it starts at a multiple of 8.
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

    private static void WriteEntry(Utf8JsonWriter json, Part part, int at)
    {
        json.WriteStartObject(part.Name);
        json.WriteString("dtype", part.Type);
        json.WriteStartArray("shape");
        foreach (var dimension in part.Shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(at);
        json.WriteNumberValue(at + part.Data.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Part(string Name, string Type, IReadOnlyList<int> Shape, byte[] Data);
}
