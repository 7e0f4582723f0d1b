using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Importing.Text;
using Microsoft.Win32.SafeHandles;

namespace ILoRA.Streaming.Importing.Sorting;

/// <summary>
/// Runs of clicks in one temporary file. The file has no name once it is open, so the system frees it however the process ends.
/// </summary>
internal sealed class RunFile : IDisposable
{
    private const int BufferBytes = 1 << 18;

    private readonly FileStream file;
    private readonly List<(long Begin, long End, int Count)> places = [];

    public RunFile(string folder)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName());
        file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, BufferBytes);
        File.Delete(path);
    }

    /// <summary>In the order in which they were added; each may be read several times, and all at once.</summary>
    public IEnumerable<IEnumerable<ClickLine>> Runs => places.Select(place => Read(place.Begin, place.End, place.Count));

    public void Add(IReadOnlyCollection<ClickLine> run)
    {
        var begin = file.Position;
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
            foreach (var click in run)
                Write(writer, click);
        file.Flush();
        places.Add((begin, file.Position, run.Count));
    }

    public void Dispose() => file.Dispose();

    private IEnumerable<ClickLine> Read(long begin, long end, int count)
    {
        using var part = new BufferedStream(new FilePart(file.SafeFileHandle, begin, end), BufferBytes);
        using var reader = new BinaryReader(part, Encoding.UTF8);
        for (var click = 0; click < count; click++)
            yield return Read(reader);
    }

    private static void Write(BinaryWriter writer, ClickLine click)
    {
        writer.Write7BitEncodedInt64(click.Line);
        writer.Write(click.Time.UtcTicks);
        writer.Write(click.User);
        writer.Write(click.Item);
        writer.Write7BitEncodedInt(click.Type is { } type ? (int)type + 1 : 0);
        WriteOptional(writer, click.Id);
        WriteOptional(writer, click.Session);
        WriteOptional(writer, click.Recommendation);
    }

    private static ClickLine Read(BinaryReader reader)
    {
        var (line, time) = (reader.Read7BitEncodedInt64(), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero));
        var (user, item) = (reader.ReadString(), reader.ReadString());
        var type = reader.Read7BitEncodedInt();
        return new ClickLine(line, user, item, time)
        {
            Type = type == 0 ? null : (ClickType)(type - 1),
            Id = ReadOptional(reader),
            Session = ReadOptional(reader),
            Recommendation = ReadOptional(reader),
        };
    }

    private static void WriteOptional(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    private static string? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    /// <summary>A part of a file; many are read side by side, each from a place of its own.</summary>
    private sealed class FilePart(SafeFileHandle file, long begin, long end) : ForwardStream
    {
        private long at = begin;

        public override int Read(Span<byte> buffer)
        {
            var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, end - at)], at);
            at += read;
            return read;
        }
    }
}
