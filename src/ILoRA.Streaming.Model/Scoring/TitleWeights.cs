namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The title scorer's weights a and b: its score is a log p(title | prompt) - b prior. The title prior is the unconditional log-likelihood
/// of the title: that under the frozen backbone after an empty prompt (<see cref="Prompts.HistoryPrompt.Empty"/>), so it is the same for
/// all versions. It is subtracted because the likelihoods of titles differ by tens of nats due to length and word frequency alone.
/// </summary>
/// <param name="Likelihood">a, an inverse temperature.</param>
/// <param name="Prior">b, the weight of the title prior.</param>
public readonly record struct TitleWeights(float Likelihood, float Prior)
{
    /// <summary>The number of weights.</summary>
    public const int Count = 2;

    /// <summary>a = 1 and b = 0: the log-likelihood without correction.</summary>
    public static TitleWeights Raw { get; } = new(1, 0);

    /// <summary>Weights from an array.</summary>
    /// <param name="values">[2], in the order of <see cref="ToArray"/>.</param>
    public static TitleWeights Of(ReadOnlySpan<float> values) => new(values[0], values[1]);

    /// <summary>The weights as an array.</summary>
    /// <returns>[a, b]</returns>
    public float[] ToArray() => [Likelihood, Prior];

    /// <summary>Computes the score of one title.</summary>
    /// <param name="likelihood">log p(title | prompt), in nats.</param>
    /// <param name="prior">The title prior, in nats.</param>
    public float Score(float likelihood, float prior) => Likelihood * likelihood - Prior * prior;
}
