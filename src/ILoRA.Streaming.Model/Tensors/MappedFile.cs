using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>A file's bytes as memory that the operating system pages in on demand, so that a large backbone is not held twice.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private readonly int length;

    private MappedFile(string path, int length)
    {
        this.length = length;
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <exception cref="InvalidDataException">The file is empty or over 2 GiB (shard it).</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        var length = new FileInfo(path).Length;
        if (length is 0 or > int.MaxValue)
            throw new InvalidDataException($"{path} has {length} bytes; a file of 1 byte to 2 GiB is expected.");
        return new MappedFile(path, (int)length).Memory;
    }

    public override Span<byte> GetSpan() => new(start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
