namespace ILoRA.Streaming.Training.Fits;

/// <summary>Measures a fit's time against its budget and computes the fraction of the fit that is done.</summary>
/// <param name="time">The clock.</param>
/// <param name="budget">The wall-clock time of the whole fit.</param>
/// <param name="spent">The time that earlier runs of the same fit took.</param>
public sealed class FitClock(TimeProvider time, TimeSpan budget, TimeSpan spent)
{
    private readonly long begun = time.GetTimestamp();

    /// <summary>The time of all runs together.</summary>
    public TimeSpan Elapsed => spent + time.GetElapsedTime(begun);

    /// <summary>The fraction done, by steps or by time, whichever is larger.</summary>
    /// <param name="step">The number of steps done.</param>
    /// <param name="steps">The total number of steps; null where only the budget ends the fit.</param>
    /// <param name="share">The share of the budget that these steps may use.</param>
    /// <returns>0 to 1.</returns>
    public double Done(long step, long? steps, double share = 1) =>
        Math.Min(1, Math.Max(steps is { } all ? (double)step / all : 0, Elapsed / (budget * share)));
}
