namespace ILoRA.Streaming.Training.Worker;

/// <summary>
/// Chooses which part of the samples goes through the language model (30 times the encoder's cost): less when the trainer falls behind the stream, slowly more
/// again when it keeps up.
/// </summary>
public sealed class LanguageModelPace(double most, TimeSpan behind)
{
    private const double Least = 0.01;

    public double Share { get; private set; } = most;

    /// <param name="age">How old the oldest sample of a batch was when its turn came.</param>
    public double Next(TimeSpan age) => Share = age > behind ? Math.Max(Math.Min(Least, most), Share * 0.7) : Math.Min(most, Share * 1.05);
}
