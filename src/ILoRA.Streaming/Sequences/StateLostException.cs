namespace ILoRA.Streaming.Sequences;

/// <summary>The store answers, but holds less than it did: what was applied since must be read from Kafka again.</summary>
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
