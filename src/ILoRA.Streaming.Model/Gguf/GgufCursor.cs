using System.Buffers.Binary;
using System.Text;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Gguf;

/// <summary>Reads a GGUF header sequentially, with checks against the header's size limit and the end of the file.</summary>
internal sealed class GgufCursor(long length, ReadAt read, string source)
{
    // The vocabulary and merges of the largest models take about 15 MB.
    private const int MaxHeader = 32 << 20;
    private const int Window = 1 << 16;

    private static readonly UTF8Encoding Strict = new(false, true);

    private readonly long end = Math.Min(length, MaxHeader);
    private readonly byte[] window = new byte[Window];
    private long windowStart;
    private int windowLength;

    public long Position { get; private set; }

    /// <summary>The greatest number of elements of <paramref name="size"/> bytes that fit in the rest of the header.</summary>
    public long Room(int size) => (end - Position) / size;

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    /// <summary>Reads a count of elements of at least <paramref name="size"/> bytes each.</summary>
    /// <exception cref="InvalidDataException">It is more than the rest of the header can hold.</exception>
    public int Count(int size, string what)
    {
        var count = UInt64();
        return count <= (ulong)Room(size)
            ? (int)count
            : throw new InvalidDataException(
                $"{source} says it has {count} {what}, more than its header can hold; it is not a whole GGUF file.");
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="InvalidDataException">It is not valid UTF-8, or longer than the rest of the header.</exception>
    public string Text()
    {
        var bytes = Bytes(Count(1, "bytes of text"));
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException(
                $"{source} has text that is not valid UTF-8 at byte {Position - bytes.Length}; it is not a whole GGUF file.", error);
        }
    }

    /// <summary>Reads the next bytes; the span is valid until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > end - Position)
            throw new InvalidDataException($"{source} ends within its header (at most {MaxHeader} bytes); it is not a whole GGUF file.");
        Position += count;
        if (count > Window)
        {
            var large = new byte[count];
            read(Position - count, large);
            return large;
        }
        if (Position > windowStart + windowLength)
        {
            windowStart = Position - count;
            windowLength = (int)Math.Min(Window, end - windowStart);
            read(windowStart, window.AsSpan(0, windowLength));
        }
        return window.AsSpan((int)(Position - count - windowStart), count);
    }
}
