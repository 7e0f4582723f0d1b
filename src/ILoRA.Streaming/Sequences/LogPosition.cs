using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ILoRA.Streaming.Sequences;

/// <summary>
/// A click's place: which log (topic, partition, and the log's incarnation, the epoch, which grows when a topic was made anew) and the
/// offset in it. Offsets of different logs cannot be compared.
/// </summary>
public readonly record struct LogPosition(uint Topic, int Partition, int Epoch, long Offset)
{
    internal const int Size = 20;

    /// <summary>The topic's name as the 32 bits that are stored.</summary>
    public static uint TopicCode(string topic) => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(topic));

    public bool SameLog(LogPosition other) => (Topic, Partition, Epoch) == (other.Topic, other.Partition, other.Epoch);

    /// <summary>The place as the id of a click that brought none.</summary>
    internal ulong Code
    {
        get
        {
            Span<byte> place = stackalloc byte[Size];
            Write(place);
            return XxHash64.HashToUInt64(place) | 1;   // 0 means no id
        }
    }

    internal static LogPosition Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from),
        BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[12..]));

    internal void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Topic);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], Partition);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(to[12..], Offset);
    }
}
