namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// Controls the share of samples that goes through the language model, which costs about 30 times as much as the encoder: the share falls
/// while the trainer lags behind the stream, and slowly rises again when it has caught up.
/// </summary>
/// <param name="maxShare">The maximum share, 0 to 1.</param>
/// <param name="maxAge">The age of a sample above which the trainer counts as lagging.</param>
public sealed class LanguageModelPace(double maxShare, TimeSpan maxAge)
{
    private const double MinFactor = 0.01;
    private double factor = 1;

    /// <summary>The current share: at most the maximum, at least a hundredth of it.</summary>
    public double Share => maxShare * factor;

    /// <summary>Adjusts the share.</summary>
    /// <param name="age">The age of the oldest sample of a batch when its processing starts.</param>
    /// <returns>The new share.</returns>
    public double Next(TimeSpan age)
    {
        factor = age > maxAge ? Math.Max(MinFactor, factor * 0.7) : Math.Min(1, factor * 1.05);
        return Share;
    }
}
