namespace ILoRA.Streaming.Sequences;

/// <summary>Walks a sequence's clicks, oldest first.</summary>
public ref struct SequenceEntries
{
    private ReadOnlySpan<byte> rest;

    internal SequenceEntries(ReadOnlySpan<byte> entries) => rest = entries;

    public SequenceEntry Current { get; private set; }

    public bool MoveNext()
    {
        if (rest.IsEmpty)
            return false;
        Current = new(rest);
        rest = rest[Current.Length..];
        return true;
    }
}
