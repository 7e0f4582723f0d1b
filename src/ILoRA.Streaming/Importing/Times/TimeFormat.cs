namespace ILoRA.Streaming.Importing.Times;

/// <summary>One way to write times, which a whole column follows.</summary>
/// <param name="Name">As users read it, and part of an import's fingerprint.</param>
public abstract record TimeFormat(string Name)
{
    /// <summary>False where <paramref name="text"/> is not written so; a time without an offset is UTC.</summary>
    public abstract bool TryParse(string text, out DateTimeOffset time);

    public sealed override string ToString() => Name;
}
