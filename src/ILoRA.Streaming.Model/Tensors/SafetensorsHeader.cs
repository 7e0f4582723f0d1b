using System.Buffers.Binary;
using System.Text.Json;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>The type, shape and place of one tensor in a safetensors file.</summary>
/// <param name="Type">The element type as the file names it, e.g. <c>BF16</c>.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Count">The number of values, product(Shape).</param>
/// <param name="Start">The offset of its first byte in the file.</param>
/// <param name="Bytes">Its length in bytes.</param>
internal sealed record SafetensorsEntry(string Type, int[] Shape, int Count, long Start, long Bytes);

/// <summary>The header of a safetensors file, checked: all tensors lie inside the data, without overlaps or gaps.</summary>
internal sealed class SafetensorsHeader
{
    private const int LengthBytes = 8;
    private const int MaxHeader = 100 << 20;
    private const int MaxDimensions = 8;

    private readonly string source;
    private readonly long dataStart;
    private readonly long fileLength;

    private SafetensorsHeader(string source, long dataStart, long fileLength)
    {
        this.source = source;
        this.dataStart = dataStart;
        this.fileLength = fileLength;
    }

    public Dictionary<string, SafetensorsEntry> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The file is not a whole, consistent safetensors file.</exception>
    public static SafetensorsHeader Read(long fileLength, ReadAt read, string source)
    {
        if (fileLength < LengthBytes)
            throw new InvalidDataException(
                $"{source} has {fileLength} bytes, too few for a header length; it is not a whole safetensors file.");
        Span<byte> prefix = stackalloc byte[LengthBytes];
        read(0, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeader || length > (ulong)(fileLength - LengthBytes))
            throw new InvalidDataException(
                $"{source} says its header has {length} bytes, the file has {fileLength}; it is not a whole safetensors file.");
        var text = new byte[length];
        read(LengthBytes, text);
        var header = new SafetensorsHeader(source, LengthBytes + (long)length, fileLength);
        try
        {
            header.Fill(text);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{source} has a broken header ({error.Message}); it is not a safetensors file.", error);
        }
        header.CheckLayout();
        return header;
    }

    private void Fill(ReadOnlyMemory<byte> text)
    {
        using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        foreach (var property in json.RootElement.EnumerateObject())
            if (property.NameEquals("__metadata__"))
                FillMetadata(property.Value);
            else
                Tensors.Add(property.Name, Entry(property));
    }

    private void FillMetadata(JsonElement metadata)
    {
        foreach (var pair in metadata.EnumerateObject())
            Metadata.Add(pair.Name, pair.Value.GetString() ?? throw Bad($"has no text at '{pair.Name}' of its metadata"));
    }

    private SafetensorsEntry Entry(JsonProperty property)
    {
        var tensor = property.Value;
        var type =
            tensor.TryGetProperty("dtype", out var name) ? name.GetString() ?? "" : throw Bad($"gives tensor '{property.Name}' no dtype");
        if (!tensor.TryGetProperty("shape", out var dimensions) || dimensions.GetArrayLength() > MaxDimensions)
            throw Bad($"gives tensor '{property.Name}' no shape of at most {MaxDimensions} dimensions");
        if (!tensor.TryGetProperty("data_offsets", out var offsets) || offsets.GetArrayLength() != 2)
            throw Bad($"gives tensor '{property.Name}' no data_offsets");
        long start = offsets[0].GetInt64(), end = offsets[1].GetInt64(), available = fileLength - dataStart;
        if (start < 0 || end < start || end > available)
            throw Bad($"puts tensor '{property.Name}' at bytes {start} to {end} of {available}");
        var shape = dimensions.EnumerateArray().Select(dimension => dimension.GetInt64()).ToArray();
        var size = SizeOf(type, property.Name);
        var count = Count(shape, (end - start) / size);
        if (count < 0 || count * size != end - start)
            throw Bad(
                $"gives tensor '{property.Name}' {end - start} bytes, its shape [{string.Join(", ", shape)}] of {type} needs another "
                    + "number");
        if (count > Array.MaxLength)
            throw Bad($"gives tensor '{property.Name}' {count} numbers; at most {Array.MaxLength} fit one array");
        return new SafetensorsEntry(type, Array.ConvertAll(shape, dimension => (int)dimension), (int)count, dataStart + start, end - start);
    }

    // Stops at the first product above the limit, so that 2^60 x 2^60 does not overflow.
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

    private int SizeOf(string type, string tensor) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => throw Bad($"gives tensor '{tensor}' the unknown type '{type}'"),
    };

    private void CheckLayout()
    {
        var next = dataStart;
        foreach (var (name, entry) in Tensors.OrderBy(pair => pair.Value.Start).ThenBy(pair => pair.Value.Bytes))
        {
            if (entry.Start != next)
                throw Bad(
                    $"has tensor '{name}' start at byte {entry.Start - dataStart} where {next - dataStart} is free: tensors overlap or "
                        + "leave a hole");
            next += entry.Bytes;
        }
        if (next != fileLength)
            throw Bad($"has {fileLength - dataStart} bytes of data, its tensors take {next - dataStart}: truncated or padded");
    }

    private InvalidDataException Bad(string what) => new($"{source} {what}; it is not a whole safetensors file.");
}
