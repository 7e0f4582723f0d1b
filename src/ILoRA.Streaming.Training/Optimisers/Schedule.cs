namespace ILoRA.Streaming.Training.Optimisers;

/// <summary>The public code's learning-rate schedule: linear warm-up over the first 5 % from peak / 100, then cosine down to peak / 100.</summary>
public static class Schedule
{
    private const double WarmUp = 0.05;
    private const double Floor = 0.01;

    /// <param name="peak">The highest rate.</param>
    /// <param name="done">The part of the work done, 0 to 1.</param>
    public static double WarmUpThenCosine(double peak, double done) => done < WarmUp
        ? peak * (Floor + (1 - Floor) * done / WarmUp)
        : Cosine(peak, (done - WarmUp) / (1 - WarmUp));

    /// <summary>Cosine from the peak down to peak / 100.</summary>
    /// <param name="peak">The highest rate.</param>
    /// <param name="done">The part of the way down, 0 to 1.</param>
    public static double Cosine(double peak, double done) => peak * (Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * Math.Min(1, done))) / 2);
}
