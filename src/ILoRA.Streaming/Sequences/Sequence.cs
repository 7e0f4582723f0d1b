using System.Buffers.Binary;

namespace ILoRA.Streaming.Sequences;

/// <summary>
/// A user's last clicks by event time (oldest first), as the bytes that are stored: format u8, 0, count u16, fence (the place of the last
/// click applied), hash of the last recommendation that got its outcome u64, the offset of the click that gave it i64, entries. Immutable.
/// </summary>
public sealed class Sequence
{
    internal const int FenceAt = 4, FenceEnd = FenceAt + LogPosition.Size;
    private const int JoinedAt = FenceEnd, HeaderSize = JoinedAt + 16;
    private const byte Format = 1;
    private readonly byte[] bytes;

    private Sequence(byte[] bytes) => this.bytes = bytes;

    /// <summary>A user without clicks.</summary>
    public static Sequence Empty { get; } = new([]);

    public int Count => bytes.Length == 0 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2));

    /// <summary>The place of the last click applied; null for a user without clicks.</summary>
    public LogPosition? Fence => bytes.Length == 0 ? null : LogPosition.Read(bytes.AsSpan(FenceAt));

    /// <summary>Event time of the newest click, Unix ms; 0 without clicks.</summary>
    public long NewestTime
    {
        get
        {
            var newest = 0L;
            foreach (var entry in this)
                newest = entry.Time;
            return newest;
        }
    }

    /// <summary>Hash of the last recommendation that got its outcome, and the offset of the click that gave it.</summary>
    public (ulong Recommendation, long Offset) Joined => bytes.Length == 0
        ? default
        : (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(JoinedAt)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(JoinedAt + 8)));

    /// <summary>The stored form; empty for a user without clicks.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    internal ReadOnlyMemory<byte> FenceBytes => bytes.Length == 0 ? default : bytes.AsMemory(FenceAt, LogPosition.Size);

    /// <summary>The stored form read back.</summary>
    /// <exception cref="InvalidDataException">the bytes are of another format</exception>
    public static Sequence Parse(byte[]? stored) => stored switch
    {
        null or [] => Empty,
        [Format, ..] when stored.Length >= HeaderSize => new(stored),
        _ => throw new InvalidDataException(
            $"A stored sequence begins with {stored[0]}, expected format {Format}; remove the key, or use another Namespace, and let "
                + "ingest rebuild."),
    };

    /// <summary>
    /// Applies a click: a redelivery or a known id changes no item; a click older than others goes to its place by event time, so that the
    /// order of arrival does not matter (among equal times it does); what is not among the newest <paramref name="capacity"/> goes.
    /// </summary>
    public (Sequence Next, Appended How) Append(in SequenceClick click, int capacity)
    {
        if (Fence is not { } fence)
            return (Inserted(click, HeaderSize, capacity), Appended.New);
        if (!fence.SameLog(click.Position))
            return HasId(click.Position.Code) ? (this, Appended.Before) : Relocated(fence).Placed(click, capacity);
        return click.Position.Offset <= fence.Offset ? (this, Appended.Before) : Placed(click, capacity);
    }

    private (Sequence Next, Appended How) Placed(in SequenceClick click, int capacity)
    {
        if (click.Id != 0 && HasId(click.Id))
            return (Moved(click.Position), Appended.Duplicate);
        var (place, index) = PlaceOf(click.Time);
        var newer = Count - index;
        if (newer >= capacity)
            return (Moved(click.Position), Appended.TooLate);
        return (Inserted(click, place, capacity), newer == 0 ? Appended.New : Appended.Late);
    }

    /// <summary>Notes that the recommendation got its outcome from the click at <paramref name="offset"/>.</summary>
    public Sequence Join(ulong recommendation, long offset)
    {
        var next = bytes.AsSpan().ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(next.AsSpan(JoinedAt), recommendation);
        BinaryPrimitives.WriteInt64LittleEndian(next.AsSpan(JoinedAt + 8), offset);
        return new(next);
    }

    /// <summary>The sequence as it was after the click at this offset, as far as it is still here: later clicks left out.</summary>
    public Sequence AsOf(long offset)
    {
        var (past, at, count) = (new byte[bytes.Length], HeaderSize, 0);
        bytes.AsSpan(0, Math.Min(HeaderSize, bytes.Length)).CopyTo(past);
        foreach (var entry in this)
        {
            if (entry.Offset > offset)
                continue;
            entry.Bytes.CopyTo(past.AsSpan(at));
            at += entry.Length;
            count++;
        }
        return count == Count ? this : Sealed(past[..at], count, Fence!.Value with { Offset = offset });
    }

    /// <summary>What a redelivered click must emit once more; null when it changed nothing then (a repeated id, too late).</summary>
    public Sequence? Again(in SequenceClick click)
    {
        if (Fence is { } fence && !fence.SameLog(click.Position))
            return this;
        var past = AsOf(click.Position.Offset);
        foreach (var entry in past)
            if (entry.Offset == click.Position.Offset)
                return past;
        // Nothing of that time is left after many newer clicks: the click alone is still true.
        var gone = past.Count == 0 && !(click.Id != 0 && HasId(click.Id));
        return gone ? Empty.Append(click, 1).Next : null;
    }

    /// <summary>
    /// The click's 1-based place among these where it stands before newer ones; null where it is the newest, or not here.
    /// </summary>
    public int? LatePlace(in SequenceClick click)
    {
        var sameLog = Fence is { } fence && fence.SameLog(click.Position);
        var code = sameLog ? 0 : click.Position.Code;
        var (place, found) = (0, 0);
        foreach (var entry in this)
        {
            place++;
            if (sameLog ? entry.Offset == click.Position.Offset : entry.Id == code)
                found = place;
        }
        return found == 0 || found == place ? null : found;
    }

    public SequenceEntries GetEnumerator() => new(bytes.AsSpan(Math.Min(HeaderSize, bytes.Length)));

    private bool HasId(ulong id)
    {
        foreach (var entry in this)
            if (entry.Id == id)
                return true;
        return false;
    }

    /// <summary>Where a click of this time goes: after all that are not newer.</summary>
    private (int Byte, int Index) PlaceOf(long time)
    {
        var (at, index, place, placeIndex) = (HeaderSize, 0, HeaderSize, 0);
        foreach (var entry in this)
        {
            at += entry.Length;
            index++;
            if (entry.Time <= time)
                (place, placeIndex) = (at, index);
        }
        return (place, placeIndex);
    }

    private Sequence Inserted(in SequenceClick click, int place, int capacity)
    {
        var (from, kept) = (HeaderSize, Count);
        for (; kept >= capacity; kept--)
            from += BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(from));
        var old = bytes.AsSpan();
        var size = SequenceEntry.SizeOf(click);
        var length = Math.Max(old.Length, HeaderSize);
        var next = new byte[HeaderSize + (length - from) + size];
        if (old.Length > 0)
        {
            old[..HeaderSize].CopyTo(next);
            old[from..place].CopyTo(next.AsSpan(HeaderSize));
            old[place..].CopyTo(next.AsSpan(HeaderSize + place - from + size));
        }
        SequenceEntry.Write(next.AsSpan(HeaderSize + place - from, size), click);
        return Sealed(next, kept + 1, click.Position);
    }

    private Sequence Moved(LogPosition to) => Sealed(bytes.AsSpan().ToArray(), Count, to);

    /// <summary>
    /// The same clicks for a fence in another log: their offsets would mean nothing there, so their places become their ids.
    /// </summary>
    private Sequence Relocated(LogPosition old)
    {
        var moved = Sealed(bytes.AsSpan(0, HeaderSize).ToArray(), 0, old);
        foreach (var entry in this)
        {
            var id = entry.Id != 0 || entry.Offset < 0 ? entry.Id : (old with { Offset = entry.Offset }).Code;
            var click = new SequenceClick(entry.Item.ToArray(), entry.Session.ToArray(), entry.Time, id, old with { Offset = -1 });
            moved = moved.Inserted(click, moved.bytes.Length, int.MaxValue);
        }
        return moved;
    }

    private static Sequence Sealed(byte[] next, int count, LogPosition fence)
    {
        next[0] = Format;
        BinaryPrimitives.WriteUInt16LittleEndian(next.AsSpan(2), (ushort)count);
        fence.Write(next.AsSpan(FenceAt));
        return new(next);
    }
}
