namespace ILoRA.Streaming.Training.Optimisers;

/// <summary>
/// The learning-rate schedule of iLoRA's public code: linear warm-up from peak / 100 over the first 5 % of the training, then cosine decay
/// to peak / 100.
/// </summary>
public static class Schedule
{
    private const double WarmUp = 0.05;
    private const double Floor = 0.01;

    /// <summary>The learning rate at a point of the training.</summary>
    /// <param name="peak">The peak learning rate.</param>
    /// <param name="done">The fraction of the training that is done, 0 to 1.</param>
    public static double WarmUpThenCosine(double peak, double done) => done < WarmUp
        ? peak * (Floor + (1 - Floor) * done / WarmUp)
        : Cosine(peak, (done - WarmUp) / (1 - WarmUp));

    /// <summary>Cosine decay from the peak to peak / 100.</summary>
    /// <param name="peak">The peak learning rate.</param>
    /// <param name="done">The fraction of the decay that is done, 0 to 1.</param>
    public static double Cosine(double peak, double done) => peak * (Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * Math.Min(1, done))) / 2);
}
