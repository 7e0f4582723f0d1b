using System.Security.Cryptography;
using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Resuming;

/// <summary>The beginning of a file, up to the end of a line: what an import has read, when lines may be appended later.</summary>
/// <param name="Bytes">Its length, unpacked.</param>
/// <param name="Lines">How many lines it holds.</param>
/// <param name="Sha256">Of its bytes, in hexadecimal digits.</param>
public sealed record FilePrefix(long Bytes, long Lines, string Sha256)
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Nothing of the file.</summary>
    public static FilePrefix Empty { get; } = new(0, 0, "");

    /// <summary>
    /// The whole file, and those of the given lengths at which it has the end of a line; all are of one pass over it. A length at which the
    /// file has none is of another content: the last line would have gone on.
    /// </summary>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>, before the end of the file.</exception>
    public static (FilePrefix Whole, IReadOnlyList<FilePrefix> Earlier) Of(FileExtent extent, IEnumerable<long> lengths,
        CancellationToken stop)
    {
        using var file = TextSource.OpenBytes(extent);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var wanted = new Queue<long>(lengths.Where(length => length > 0).Distinct().Order());
        var (state, earlier, block) = (new Progress(), new List<FilePrefix>(), new byte[BlockBytes]);
        FilePrefix? pending = null;
        while (file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) is > 0 and var read)
        {
            stop.ThrowIfCancellationRequested();
            var rest = block.AsSpan(0, read);
            while (!rest.IsEmpty)
            {
                if (pending is not null && (state.EndsLine || rest[0] is (byte)'\n' or (byte)'\r'))
                    earlier.Add(pending);
                pending = null;
                var step = rest[..(int)Math.Min(rest.Length, wanted.TryPeek(out var next) ? next - state.Bytes : long.MaxValue)];
                hash.AppendData(step);
                state = state.After(step);
                rest = rest[step.Length..];
                if (wanted.TryPeek(out next) && next == state.Bytes)
                    pending = state.Prefix(hash, wanted.Dequeue());
            }
        }
        return (state.Prefix(hash, state.Bytes), earlier);
    }

    private readonly record struct Progress(long Bytes, long Breaks, byte Last)
    {
        public bool EndsLine => Last is (byte)'\n' or (byte)'\r';

        /// <summary>A line ends in CR, LF or both.</summary>
        public Progress After(ReadOnlySpan<byte> step)
        {
            var breaks = step.Count((byte)'\n') + step.Count((byte)'\r') - step.Count("\r\n"u8);
            return new(Bytes + step.Length, Breaks + breaks - (Last == '\r' && step[0] == '\n' ? 1 : 0), step[^1]);
        }

        public FilePrefix Prefix(IncrementalHash hash, long bytes)
            => new(bytes, Breaks + (Bytes == 0 || EndsLine ? 0 : 1), Convert.ToHexStringLower(hash.GetCurrentHash()));
    }
}
