namespace ILoRA.Streaming.Sequences;

/// <summary>The store has lost state that was applied; the clicks since then must be read from Kafka again.</summary>
public sealed class StateLostException : Exception
{
    public StateLostException(string message)
        : base(message)
    {
    }

    public StateLostException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public StateLostException()
    {
    }
}
