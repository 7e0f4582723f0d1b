using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ILoRA.Streaming.Importing.Text;

/// <summary>
/// A file packed by gzip, unpacked while it is read. At its end, length and check sum are compared with those that gzip wrote last:
/// <see cref="GZipStream"/> takes the place at which a file was cut off for its end.
/// </summary>
internal sealed class GzipFile : ForwardStream
{
    private const int HeaderBytes = 10, TrailerBytes = 8;

    private readonly string name;
    private readonly GZipStream unpacked;
    private readonly Crc32 crc = new();
    private readonly (uint Crc, uint Length) wanted;
    private uint length;

    /// <param name="file">From its beginning; is closed with this.</param>
    /// <param name="bytes">How long it is, or was when its reading began.</param>
    /// <exception cref="InvalidDataException">It is no gzip file.</exception>
    public GzipFile(FileStream file, long bytes)
    {
        name = Path.GetFileName(file.Name);
        Span<byte> magic = stackalloc byte[2];
        if (RandomAccess.Read(file.SafeFileHandle, magic, 0) < 2 || magic is not [0x1F, 0x8B])
            throw new InvalidDataException($"{name}: is no gzip file; take .gz from its name if it is not packed.");
        if (bytes < HeaderBytes + TrailerBytes)
            throw Damaged();
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        RandomAccess.Read(file.SafeFileHandle, trailer, bytes - TrailerBytes);
        wanted = (BinaryPrimitives.ReadUInt32LittleEndian(trailer), BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]));
        unpacked = new GZipStream(new FileStart(file, bytes), CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = Unpack(buffer);
        crc.Append(buffer[..read]);
        // The format counts modulo 2^32.
        length = unchecked(length + (uint)read);
        if (read == 0 && buffer.Length > 0 && (crc.GetCurrentHashAsUInt32(), length) != wanted)
            throw Damaged();
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            unpacked.Dispose();
        base.Dispose(disposing);
    }

    private int Unpack(Span<byte> buffer)
    {
        try
        {
            return unpacked.Read(buffer);
        }
        catch (InvalidDataException)
        {
            // Its message names no file.
            throw Damaged();
        }
    }

    private InvalidDataException Damaged()
        => new($"{name}: is cut off or damaged, or was joined of several gzip files; unpack it first (gunzip).");
}
