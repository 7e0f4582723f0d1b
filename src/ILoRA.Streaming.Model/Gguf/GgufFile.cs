using System.IO.MemoryMappedFiles;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Gguf;

/// <summary>
/// A GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) of version 2 or 3: metadata and tensors, quantised in blocks.
/// The file is memory-mapped, and a tensor is dequantised when it is read. Sizes are checked against the file before memory is allocated
/// for them.
/// </summary>
internal sealed class GgufFile : ITensorFile
{
    private const uint Magic = 0x46554747;

    // The bytes of a tensor's entry with an empty name and no dimensions: name length, number of dimensions, type, offset.
    private const int SmallestEntry = 24;
    private const int MaxDimensions = 4;
    private const int BlocksAtOnce = 2048;

    private readonly ReadAt read;
    private readonly long length;
    private readonly Dictionary<string, Entry> tensors = new(StringComparer.Ordinal);

    private GgufFile(long length, ReadAt read, string source)
    {
        Source = source;
        (this.length, this.read) = (length, read);
        var cursor = new GgufCursor(length, read, source);
        if (cursor.UInt32() != Magic)
            throw new InvalidDataException($"{source} does not begin with 'GGUF'; it is not a GGUF file.");
        if (cursor.UInt32() is var version and not (2 or 3))
            throw new InvalidDataException($"{source} is GGUF of version {version}; supported: 2 and 3, little-endian.");
        var count = cursor.Count(SmallestEntry, "tensors");
        Metadata = GgufMetadata.Read(cursor, GgufMetadata.Count(cursor), source);
        List<(string Name, int[] Shape, GgufType Type, ulong Offset)> entries = [];
        for (var i = 0; i < count; i++)
            entries.Add((cursor.Text(), Shape(cursor), Kind(cursor.UInt32()), cursor.UInt64()));
        var start = Aligned(cursor.Position);
        foreach (var (name, shape, type, offset) in entries)
            Place(name, shape, type, offset, start);
        CheckLayout();
    }

    public string Source { get; }

    public GgufMetadata Metadata { get; }

    public IReadOnlyCollection<string> Names => tensors.Keys;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="InvalidDataException">The file is missing or not a complete, consistent GGUF file.</exception>
    public static GgufFile Open(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
            throw new InvalidDataException($"{path} {(file.Exists ? "is empty" : "does not exist")}; give a GGUF file.");
        // The view keeps the mapping alive.
        using var mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = mapped.CreateViewAccessor(0, file.Length, MemoryMappedFileAccess.Read);
        try
        {
            return new GgufFile(file.Length, (offset, into) => view.SafeMemoryMappedViewHandle.ReadSpan((ulong)offset, into), path);
        }
        catch (InvalidDataException)
        {
            view.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file from memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">The name of the file in messages.</param>
    /// <exception cref="InvalidDataException">The bytes are not a complete, consistent GGUF file.</exception>
    public static GgufFile Parse(ReadOnlyMemory<byte> bytes, string source) =>
        new(bytes.Length, (offset, into) => bytes.Span.Slice((int)offset, into.Length).CopyTo(into), source);

    public bool Contains(string name) => tensors.ContainsKey(name);

    public IReadOnlyList<int> Shape(string name) => Find(name).Shape;

    public string Type(string name) => Find(name).Type.ToString();

    public Tensor Read(string name)
    {
        var entry = Find(name);
        var values = new float[entry.Count];
        Read(entry, 0, values);
        return new Tensor(name, entry.Shape, values);
    }

    public void ReadRows(string name, int first, Span<float> into)
    {
        var entry = Find(name);
        Read(entry, RowRange.Start(entry.Shape, first, into.Length), into);
    }

    // Reads values from the given index on. A row is a whole number of blocks.
    private void Read(Entry entry, int from, Span<float> into)
    {
        var (numbers, bytes) = GgufTypes.Block(entry.Type);
        var start = entry.Start + from / numbers * (long)bytes;
        var blocks = new byte[Math.Min(BlocksAtOnce, into.Length / numbers) * bytes];
        for (long block = 0; block * numbers < into.Length; block += BlocksAtOnce)
        {
            var part = into.Slice((int)(block * numbers), (int)Math.Min((long)BlocksAtOnce * numbers, into.Length - block * numbers));
            var taken = blocks.AsSpan(0, part.Length / numbers * bytes);
            read(start + block * bytes, taken);
            GgufBlocks.Dequantise(entry.Type, taken, part);
        }
    }

    // The file lists the innermost dimension first.
    private int[] Shape(GgufCursor cursor)
    {
        var dimensions = cursor.UInt32();
        if (dimensions is < 1 or > MaxDimensions)
            throw Bad($"has a tensor of {dimensions} dimensions");
        var shape = new int[dimensions];
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            var size = cursor.UInt64();
            shape[i] = size is >= 1 and <= int.MaxValue ? (int)size : throw Bad($"has a tensor with a dimension of {size}");
        }
        return shape;
    }

    private GgufType Kind(uint type) => Enum.IsDefined((GgufType)type)
        ? (GgufType)type
        : throw new InvalidDataException(
            $"{Source} has a tensor of type {type}, which is not supported; supported: {string.Join(", ", Enum.GetNames<GgufType>())}.");

    private long Aligned(long position)
    {
        var alignment = Metadata.Integer("general.alignment", 32);
        if (alignment is < 8 or > 1 << 20 || alignment % 8 != 0)
            throw Bad($"has an alignment of {alignment}");
        return (position + alignment - 1) / alignment * alignment;
    }

    private void Place(string name, int[] shape, GgufType type, ulong offset, long start)
    {
        var (numbers, bytes) = GgufTypes.Block(type);
        long count = 1;
        foreach (var size in shape)
            if ((count *= size) > Array.MaxLength)
                throw Bad($"gives tensor '{name}' the shape [{string.Join(", ", shape)}], too many numbers for one array");
        if (shape[^1] % numbers != 0)
            throw Bad($"gives tensor '{name}' rows of {shape[^1]}, no multiple of {type}'s block of {numbers}");
        var taken = count / numbers * bytes;
        if (offset > (ulong)length || start + (long)offset + taken > length)
            throw Bad($"puts tensor '{name}' of {taken} bytes at byte {offset} of its data, past the end");
        if (!tensors.TryAdd(name, new Entry(shape, type, (int)count, start + (long)offset, taken)))
            throw Bad($"gives tensor '{name}' twice");
    }

    private void CheckLayout()
    {
        long next = 0;
        foreach (var (name, entry) in tensors.OrderBy(pair => pair.Value.Start))
        {
            if (entry.Start < next)
                throw Bad($"has tensor '{name}' overlap the one before");
            next = entry.Start + entry.Bytes;
        }
    }

    private Entry Find(string name) =>
        tensors.TryGetValue(name, out var entry) ? entry : throw new InvalidDataException($"{Source}: tensor '{name}' is missing.");

    private InvalidDataException Bad(string what) => new($"{Source} {what}; it is not a whole GGUF file.");

    private sealed record Entry(int[] Shape, GgufType Type, int Count, long Start, long Bytes);
}
