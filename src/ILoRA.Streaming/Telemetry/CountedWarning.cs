namespace ILoRA.Streaming.Telemetry;

/// <summary>
/// A warning of what may happen with every record: given at once, then once a minute with how often it happened since and the latest
/// example. Not for use by several threads.
/// </summary>
public sealed class CountedWarning<TExample>(TimeProvider time, Action<long, TExample> warn)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private (long Times, TExample? Latest) held;
    private long? warned;

    /// <summary>It happened once more.</summary>
    public void Count(TExample example) => held = (held.Times + 1, example);

    /// <summary>Warns of what was counted unless the last warning is younger than a minute; to be called after each batch.</summary>
    public void Report()
    {
        if (warned is not { } last || time.GetElapsedTime(last) >= Every)
            Finish();
    }

    /// <summary>Warns of what was counted, however young the last warning is.</summary>
    public void Finish()
    {
        if (held.Times == 0)
            return;
        warn(held.Times, held.Latest!);
        (held, warned) = (default, time.GetTimestamp());
    }
}
