using System.Buffers.Binary;
using System.Text.Json;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Where one tensor lies in a safetensors file's data.</summary>
internal sealed record SafetensorsEntry(string Type, int[] Shape, int Count, int Start, int Bytes);

/// <summary>The checked header of a safetensors file: every tensor inside the data, none overlapping, no hole.</summary>
internal sealed class SafetensorsHeader
{
    private const int MaxHeader = 100 << 20;
    private const int MaxDimensions = 8;

    private SafetensorsHeader(int dataStart)
    {
        DataStart = dataStart;
    }

    public int DataStart { get; }

    public Dictionary<string, SafetensorsEntry> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> file, string source)
    {
        if (file.Length < 8)
            throw Bad(source, $"has {file.Length} bytes, too few for a header length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (length > MaxHeader || length > (ulong)(file.Length - 8))
            throw Bad(source, $"says its header has {length} bytes, the file has {file.Length}");
        try
        {
            return Read(file, (int)length, source);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{source} has a broken header ({error.Message}); it is not a safetensors file.", error);
        }
    }

    private static SafetensorsHeader Read(ReadOnlyMemory<byte> file, int length, string source)
    {
        using var json = JsonDocument.Parse(file.Slice(8, length), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw Bad(source, "has a header that is no JSON object");
        var header = new SafetensorsHeader(8 + length);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
                foreach (var pair in property.Value.EnumerateObject())
                    header.Metadata.Add(pair.Name, pair.Value.GetString() ?? "");
            else
                header.Tensors.Add(property.Name, Entry(property, file.Length - header.DataStart, source));
        }
        CheckLayout(header, file.Length - header.DataStart, source);
        return header;
    }

    private static SafetensorsEntry Entry(JsonProperty property, int available, string source)
    {
        var type = property.Value.TryGetProperty("dtype", out var name) ? name.GetString() ?? "" : throw Bad(source, $"gives tensor '{property.Name}' no dtype");
        if (!property.Value.TryGetProperty("shape", out var dimensions) || dimensions.GetArrayLength() > MaxDimensions)
            throw Bad(source, $"gives tensor '{property.Name}' no shape of at most {MaxDimensions} dimensions");
        if (!property.Value.TryGetProperty("data_offsets", out var offsets) || offsets.GetArrayLength() != 2)
            throw Bad(source, $"gives tensor '{property.Name}' no data_offsets");
        long start = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        if (start < 0 || end < start || end > available)
            throw Bad(source, $"puts tensor '{property.Name}' at bytes {start} to {end} of {available}");
        var shape = dimensions.EnumerateArray().Select(dimension => dimension.GetInt64()).ToArray();
        long size = SizeOf(type, property.Name, source);
        var count = Count(shape, (end - start) / size);
        if (count * size != end - start)
            throw Bad(source, $"gives tensor '{property.Name}' {end - start} bytes, its shape [{string.Join(", ", shape)}] of {type} needs another number");
        return new SafetensorsEntry(type, Array.ConvertAll(shape, dimension => (int)dimension), (int)count, (int)start, (int)(end - start));
    }

    // Stops at the first product that passes what the bytes can hold, so 2^60 x 2^60 does not overflow.
    private static long Count(long[] shape, long limit)
    {
        if (shape.Any(dimension => dimension is < 0 or > int.MaxValue))
            return -1;
        if (shape.Contains(0))
            return 0;
        long count = 1;
        foreach (var dimension in shape)
        {
            count *= dimension;
            if (count > limit)
                return -1;
        }
        return count;
    }

    private static int SizeOf(string type, string tensor, string source) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => throw Bad(source, $"gives tensor '{tensor}' the unknown type '{type}'"),
    };

    private static void CheckLayout(SafetensorsHeader header, int available, string source)
    {
        var next = 0;
        foreach (var (name, entry) in header.Tensors.OrderBy(pair => pair.Value.Start).ThenBy(pair => pair.Value.Bytes))
        {
            if (entry.Start != next)
                throw Bad(source, $"has tensor '{name}' start at byte {entry.Start} where {next} is free: tensors overlap or leave a hole");
            next += entry.Bytes;
        }
        if (next != available)
            throw Bad(source, $"has {available} bytes of data, its tensors take {next}: truncated or padded");
    }

    private static InvalidDataException Bad(string source, string what) => new($"{source} {what}; it is not a whole safetensors file.");
}
