using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>
/// A safetensors file (https://github.com/huggingface/safetensors): 8 bytes of header length, a JSON header, raw little-endian data. The
/// header is checked whole before a tensor is read, so nothing larger than the file is ever allocated.
/// </summary>
public sealed class SafetensorsFile
{
    private readonly ReadOnlyMemory<byte> data;
    private readonly SafetensorsHeader header;

    private SafetensorsFile(ReadOnlyMemory<byte> bytes, string source)
    {
        Source = source;
        header = SafetensorsHeader.Parse(bytes, source);
        data = bytes[header.DataStart..];
    }

    /// <summary>The file's name, for messages.</summary>
    public string Source { get; }

    public IReadOnlyCollection<string> Names => header.Tensors.Keys;

    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <exception cref="InvalidDataException">The file is not a whole, consistent safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"{path} does not exist; give a safetensors file.");
        return Parse(MappedFile.Read(path), path);
    }

    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">The bytes are not a whole, consistent safetensors file.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string source) => new(bytes, source);

    public bool Contains(string name) => header.Tensors.ContainsKey(name);

    public IReadOnlyList<int> Shape(string name) => Entry(name).Shape;

    /// <summary>A floating-point tensor (F64, F32, F16 or BF16) as float32.</summary>
    /// <exception cref="InvalidDataException">It is missing or of another type.</exception>
    public Tensor Read(string name)
    {
        var entry = Entry(name);
        var raw = Raw(entry);
        var values = new float[entry.Count];
        switch (entry.Type)
        {
            case "F32":
                MemoryMarshal.Cast<byte, float>(raw).CopyTo(values);
                break;
            case "F64":
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(raw[(i * 8)..]);
                break;
            case "F16":
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(raw[(i * 2)..]);
                break;
            case "BF16":
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(raw[(i * 2)..]) << 16);
                break;
            default:
                throw new InvalidDataException($"{Source}: tensor '{name}' is {entry.Type}; expected F64, F32, F16 or BF16.");
        }
        return new Tensor(name, entry.Shape, values);
    }

    /// <summary>An F64 (or narrower floating-point) tensor's values.</summary>
    public double[] ReadDoubles(string name)
    {
        var entry = Entry(name);
        return entry.Type == "F64"
            ? MemoryMarshal.Cast<byte, double>(Raw(entry)).ToArray()
            : Array.ConvertAll(Read(name).Values, value => (double)value);
    }

    /// <summary>An I64 tensor's values.</summary>
    public long[] ReadInt64(string name) => MemoryMarshal.Cast<byte, long>(Raw(Typed(name, "I64"))).ToArray();

    /// <summary>A U8 tensor's bytes.</summary>
    public byte[] ReadBytes(string name) => Raw(Typed(name, "U8")).ToArray();

    /// <summary>Whether the tensor is raw bytes (U8).</summary>
    public bool IsBytes(string name) => Entry(name).Type == "U8";

    private SafetensorsEntry Typed(string name, string type)
    {
        var entry = Entry(name);
        return entry.Type == type ? entry : throw new InvalidDataException($"{Source}: tensor '{name}' is {entry.Type}; expected {type}.");
    }

    private SafetensorsEntry Entry(string name) => header.Tensors.TryGetValue(name, out var entry)
        ? entry
        : throw new InvalidDataException($"{Source}: tensor '{name}' is missing.");

    private ReadOnlySpan<byte> Raw(SafetensorsEntry entry) => data.Span.Slice(entry.Start, entry.Bytes);
}
