using System.Buffers;
using System.Text;

namespace ILoRA.Streaming.Importing.Text;

/// <summary>
/// Tells a file in UTF-8 with a few bad bytes from one in an encoding of one byte a character: sequences are hardly ever valid by chance.
/// </summary>
internal static class Utf8Share
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Whether most of the file's bytes above 127 are of valid sequences.</summary>
    public static bool IsMost(FileExtent file, CancellationToken stop)
    {
        using var bytes = TextSource.OpenBytes(file);
        var (block, held) = (new byte[BlockBytes], 0);
        var (valid, others) = (0L, 0L);
        while (bytes.Read(block.AsSpan(held)) is > 0 and var read)
        {
            stop.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> rest = block.AsSpan(0, held + read);
            while (NextAbove127(ref rest)
                && Rune.DecodeFromUtf8(rest, out _, out var length) is not OperationStatus.NeedMoreData and var status)
            {
                (valid, others) = status == OperationStatus.Done ? (valid + length, others) : (valid, others + length);
                rest = rest[length..];
            }
            // A sequence that the block does not end.
            rest.CopyTo(block);
            held = rest.Length;
        }
        return valid > others + held;
    }

    private static bool NextAbove127(ref ReadOnlySpan<byte> rest)
    {
        var next = rest.IndexOfAnyExceptInRange((byte)0, (byte)127);
        rest = next < 0 ? [] : rest[next..];
        return next >= 0;
    }
}
