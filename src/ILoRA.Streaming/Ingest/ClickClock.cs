using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>
/// Refuses clicks of the future: in a history that is ordered by event time, one of them stays the newest until its time has come.
/// </summary>
public sealed class ClickClock(TimeProvider time, IOptions<IngestOptions> options)
{
    private readonly TimeSpan skew = options.Value.ClockSkew;

    /// <exception cref="PoisonException">the click's time is more than <see cref="IngestOptions.ClockSkew"/> after this process's
    /// clock</exception>
    public void Check(ClickEvent click)
    {
        var now = time.GetUtcNow();
        if (click.Time - now > skew)
            throw new PoisonException(
                $"$.time: {Rfc3339.Text(click.Time)} is more than {skew:c} after the worker's clock, {Rfc3339.Text(now)}; "
                + $"correct the clock that gave it, or raise {IngestOptions.Section}:{nameof(IngestOptions.ClockSkew)}");
    }
}
