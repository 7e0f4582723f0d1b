namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// Chooses which part of the samples goes through the language model (30 times the encoder's cost): less when the trainer falls behind the stream, slowly more
/// again when it keeps up.
/// </summary>
public sealed class LanguageModelPace(double most, TimeSpan behind)
{
    private const double Least = 0.01;
    private double part = 1;

    /// <summary>The part, at most the given one, at least a hundredth of it.</summary>
    public double Share => most * part;

    /// <param name="age">How old the oldest sample of a batch was when its turn came.</param>
    public double Next(TimeSpan age)
    {
        part = age > behind ? Math.Max(Least, part * 0.7) : Math.Min(1, part * 1.05);
        return Share;
    }
}
