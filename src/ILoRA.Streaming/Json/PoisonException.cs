namespace ILoRA.Streaming.Json;

/// <summary>A record that can never be applied as it is: it goes to the dead letters with this reason and the stream goes on.</summary>
public sealed class PoisonException : Exception
{
    public PoisonException()
    {
    }

    public PoisonException(string reason)
        : base(reason)
    {
    }

    public PoisonException(string reason, Exception inner)
        : base(reason, inner)
    {
    }
}
