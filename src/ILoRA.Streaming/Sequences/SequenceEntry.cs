using System.Buffers.Binary;

namespace ILoRA.Streaming.Sequences;

/// <summary>
/// One click inside a sequence's bytes: length u16, flags u8, time u48 (Unix ms), offset + 1 u48, [id u64], item length - 1 u8, item,
/// [session length - 1 u8, session].
/// </summary>
public readonly ref struct SequenceEntry
{
    private const byte HasId = 1, HasSession = 2;
    private const int Fixed = 2 + 1 + 6 + 6;
    private const long MaxU48 = (1L << 48) - 1;
    private readonly ReadOnlySpan<byte> bytes;

    internal SequenceEntry(ReadOnlySpan<byte> from) => bytes = from[..BinaryPrimitives.ReadUInt16LittleEndian(from)];

    internal int Length => bytes.Length;

    internal ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Event time, Unix ms.</summary>
    public long Time => ReadU48(bytes[3..]);

    /// <summary>Offset in the sequence's log; -1 for clicks that came from another log.</summary>
    public long Offset => ReadU48(bytes[9..]) - 1;

    /// <summary>Hash of the click's own id; 0 = none.</summary>
    public ulong Id => (bytes[2] & HasId) == 0 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes[Fixed..]);

    public ReadOnlySpan<byte> Item => bytes.Slice(ItemAt + 1, bytes[ItemAt] + 1);

    public ReadOnlySpan<byte> Session => (bytes[2] & HasSession) == 0 ? default : bytes[(ItemAt + 1 + bytes[ItemAt] + 1 + 1)..];

    private int ItemAt => Fixed + ((bytes[2] & HasId) == 0 ? 0 : 8);

    internal static int SizeOf(in SequenceClick click) =>
        Fixed + (click.Id == 0 ? 0 : 8) + 1 + click.Item.Length + (click.Session.IsEmpty ? 0 : 1 + click.Session.Length);

    internal static void Write(Span<byte> to, in SequenceClick click)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)SizeOf(click));
        to[2] = (byte)((click.Id == 0 ? 0 : HasId) | (click.Session.IsEmpty ? 0 : HasSession));
        WriteU48(to[3..], click.Time);
        WriteU48(to[9..], click.Position.Offset + 1);
        var at = Fixed;
        if (click.Id != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(to[at..], click.Id);
            at += 8;
        }
        at += WriteText(to[at..], click.Item.Span);
        if (!click.Session.IsEmpty)
            WriteText(to[at..], click.Session.Span);
    }

    private static int WriteText(Span<byte> to, ReadOnlySpan<byte> text)
    {
        to[0] = checked((byte)(text.Length - 1));   // 1 to 256 bytes
        text.CopyTo(to[1..]);
        return 1 + text.Length;
    }

    private static long ReadU48(ReadOnlySpan<byte> from) =>
        BinaryPrimitives.ReadUInt32LittleEndian(from) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(from[4..]) << 32);

    private static void WriteU48(Span<byte> to, long value)
    {
        var bits = Math.Clamp(value, 0, MaxU48);
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)bits);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], (ushort)(bits >> 32));
    }
}
