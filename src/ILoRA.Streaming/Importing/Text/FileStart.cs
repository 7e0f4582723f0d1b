namespace ILoRA.Streaming.Importing.Text;

/// <summary>The first bytes of a file, whatever follows them.</summary>
/// <param name="file">From its beginning; is closed with this.</param>
/// <param name="bytes">How many.</param>
internal sealed class FileStart(FileStream file, long bytes) : ForwardStream
{
    private long left = bytes;

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
