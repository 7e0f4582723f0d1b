namespace ILoRA.Streaming.Envelopes;

/// <summary>What happened to the row that a record tells of.</summary>
internal enum RowChange
{
    Added,
    Updated,
    Deleted,
}

/// <summary>What was in the envelopes.</summary>
/// <param name="Json">The event; empty for a deleted row.</param>
/// <param name="Bare">It lay in no envelope.</param>
/// <param name="Change">What happened to a row; an event is added.</param>
/// <param name="Operation">Debezium's name of that.</param>
internal readonly record struct RecordPayload(byte[] Json, bool Bare = false, RowChange Change = RowChange.Added, string Operation = "");
