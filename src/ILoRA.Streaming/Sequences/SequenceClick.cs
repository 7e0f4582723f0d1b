namespace ILoRA.Streaming.Sequences;

/// <summary>
/// A click as a sequence takes it: UTF-8 bytes, event time in Unix milliseconds, and the hash of its id (0 = it has none of its own).
/// </summary>
public readonly record struct SequenceClick(ReadOnlyMemory<byte> Item, ReadOnlyMemory<byte> Session, long Time, ulong Id,
    LogPosition Position);

/// <summary>What became of a click.</summary>
public enum Appended
{
    /// <summary>It is in the sequence now, as the newest.</summary>
    New,

    /// <summary>It is in the sequence now, at its place by event time: newer ones came before it.</summary>
    Late,

    /// <summary>It was applied before (the same place in the log): a redelivery.</summary>
    Before,

    /// <summary>Another record brought the same click id.</summary>
    Duplicate,

    /// <summary>It is older than everything in a full sequence.</summary>
    TooLate,
}
