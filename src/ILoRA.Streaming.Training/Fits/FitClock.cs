namespace ILoRA.Streaming.Training.Fits;

/// <summary>How far a fit is: by its steps where they are counted, by the clock where they are not. Goes on from what a checkpoint had spent.</summary>
/// <param name="time">The clock.</param>
/// <param name="budget">Wall-clock time of the whole.</param>
/// <param name="spent">What earlier runs of the same fit took.</param>
public sealed class FitClock(TimeProvider time, TimeSpan budget, TimeSpan spent)
{
    private readonly long begun = time.GetTimestamp();

    /// <summary>All runs together.</summary>
    public TimeSpan Elapsed => spent + time.GetElapsedTime(begun);

    /// <param name="step">Steps done.</param>
    /// <param name="steps">All steps; null where the budget alone ends the fit.</param>
    /// <param name="part">The part of the budget that these steps have.</param>
    /// <returns>0 to 1.</returns>
    public double Done(long step, long? steps, double part = 1) => Math.Min(1, Math.Max(steps is { } all ? (double)step / all : 0, Elapsed / (budget * part)));
}
