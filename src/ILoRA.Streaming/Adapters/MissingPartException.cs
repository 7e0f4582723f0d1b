namespace ILoRA.Streaming.Adapters;

/// <summary>A part is not in the snapshot store, or not yet: unlike wrong content, this ends when the version is published again.</summary>
public sealed class MissingPartException : FileNotFoundException
{
    public MissingPartException()
    {
    }

    public MissingPartException(string reason)
        : base(reason)
    {
    }

    public MissingPartException(string reason, Exception inner)
        : base(reason, inner)
    {
    }
}
