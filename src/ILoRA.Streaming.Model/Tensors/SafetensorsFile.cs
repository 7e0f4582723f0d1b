using System.Globalization;
using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>
/// A safetensors file (https://github.com/huggingface/safetensors): 8 bytes with the header's length, a JSON header, raw little-endian
/// data. The whole header is checked before a tensor is read, so no allocation is larger than the file justifies.
/// </summary>
public sealed class SafetensorsFile : ITensorFile
{
    private readonly ReadAt read;
    private readonly SafetensorsHeader header;

    private SafetensorsFile(long length, ReadAt read, string source)
    {
        Source = source;
        this.read = read;
        header = SafetensorsHeader.Read(length, read, source);
    }

    /// <summary>The file's name, for messages.</summary>
    public string Source { get; }

    public IReadOnlyCollection<string> Names => header.Tensors.Keys;

    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Reads a size from the metadata.</summary>
    /// <returns>The size; null where the key is absent.</returns>
    /// <exception cref="InvalidDataException">The value is not an integer of 1 to 65536.</exception>
    public int? MetadataNumber(string key) => !Metadata.TryGetValue(key, out var text) ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65_536 ? number
        : throw new InvalidDataException($"{Source}: {key} '{text}' is not an integer of 1 to 65536.");

    /// <summary>
    /// Opens a file and reads its header. Tensors are read on demand, so that a large backbone is not held in memory twice.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is missing or not a complete, consistent safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"{path} does not exist; give a safetensors file.");
        // Not memory-mapped: access to a mapped file that another process truncates ends this process. The finalizer closes the handle.
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return new SafetensorsFile(RandomAccess.GetLength(handle), (offset, into) =>
        {
            while (!into.IsEmpty)
            {
                var got = RandomAccess.Read(handle, into, offset);
                if (got == 0)
                    throw new InvalidDataException($"{path} was truncated while it was read; restore the file and load it again.");
                offset += got;
                into = into[got..];
            }
        }, path);
    }

    /// <summary>Reads a file from memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">The name of the file in messages.</param>
    /// <exception cref="InvalidDataException">The bytes are not a complete, consistent safetensors file.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string source) =>
        new(bytes.Length, (offset, into) => bytes.Span.Slice((int)offset, into.Length).CopyTo(into), source);

    public bool Contains(string name) => header.Tensors.ContainsKey(name);

    public IReadOnlyList<int> Shape(string name) => Entry(name).Shape;

    public string Type(string name) => Entry(name).Type;

    /// <summary>Reads a floating-point tensor (F64, F32, F16 or BF16) as float32.</summary>
    /// <exception cref="InvalidDataException">It is missing or of another type.</exception>
    public Tensor Read(string name)
    {
        var entry = Entry(name);
        var values = new float[entry.Count];
        Read(name, entry, 0, values);
        return new Tensor(name, entry.Shape, values);
    }

    public void ReadRows(string name, int first, Span<float> into)
    {
        var entry = Entry(name);
        Read(name, entry, RowRange.Start(entry.Shape, first, into.Length), into);
    }

    /// <summary>Reads a floating-point tensor as float64.</summary>
    public double[] ReadDoubles(string name) => Entry(name) is { Type: "F64" } entry
        ? Values<double>(entry)
        : Array.ConvertAll(Read(name).Values, value => (double)value);

    /// <summary>Reads an I64 tensor.</summary>
    public long[] ReadInt64(string name) => Values<long>(Typed(name, "I64"));

    /// <summary>Reads a U8 tensor.</summary>
    public byte[] ReadBytes(string name) => Values<byte>(Typed(name, "U8"));

    /// <summary>Whether the tensor is raw bytes (U8).</summary>
    public bool IsBytes(string name) => Entry(name).Type == "U8";

    // Reads values from the given index on.
    private void Read(string name, SafetensorsEntry entry, int from, Span<float> into)
    {
        switch (entry.Type)
        {
            case "F32":
                read(entry.Start + (long)from * sizeof(float), MemoryMarshal.AsBytes(into));
                break;
            case "F64":
                Convert<double>(entry, from, into, value => (float)value);
                break;
            case "F16":
                Convert<Half>(entry, from, into, value => (float)value);
                break;
            case "BF16":
                Convert<ushort>(entry, from, into, bits => BitConverter.Int32BitsToSingle(bits << 16));
                break;
            default:
                throw new InvalidDataException($"{Source}: tensor '{name}' is {entry.Type}; expected F64, F32, F16 or BF16.");
        }
    }

    private void Convert<T>(SafetensorsEntry entry, int from, Span<float> values, Func<T, float> convert)
        where T : unmanaged
    {
        var chunk = new T[Math.Min(values.Length, 1 << 16)];
        var size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        for (var at = 0; at < values.Length; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, Math.Min(chunk.Length, values.Length - at));
            read(entry.Start + ((long)from + at) * size, MemoryMarshal.AsBytes(part));
            for (var i = 0; i < part.Length; i++)
                values[at + i] = convert(part[i]);
        }
    }

    private T[] Values<T>(SafetensorsEntry entry)
        where T : unmanaged
    {
        var values = new T[entry.Count];
        read(entry.Start, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private SafetensorsEntry Typed(string name, string type)
    {
        var entry = Entry(name);
        return entry.Type == type ? entry : throw new InvalidDataException($"{Source}: tensor '{name}' is {entry.Type}; expected {type}.");
    }

    private SafetensorsEntry Entry(string name) => header.Tensors.TryGetValue(name, out var entry)
        ? entry
        : throw new InvalidDataException($"{Source}: tensor '{name}' is missing.");
}
