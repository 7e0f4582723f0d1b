namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// What makes a title's likelihood comparable with others': likelihoods of whole titles lie tens of nats apart by their length and rarity alone. The score is
/// a log p(title | prompt) - b prior, where the title prior is the log-likelihood of the title under the frozen backbone after a prompt that says nothing (see <see cref="Prompts.HistoryPrompt.Empty"/>),
/// the same for all versions.
/// </summary>
/// <param name="Likelihood">a, an inverse temperature.</param>
/// <param name="Prior">b</param>
public readonly record struct TitleWeights(float Likelihood, float Prior)
{
    /// <summary>How many there are.</summary>
    public const int Count = 2;

    /// <summary>The likelihood as it is.</summary>
    public static TitleWeights Raw { get; } = new(1, 0);

    /// <param name="values">As <see cref="ToArray"/> gives them.</param>
    public static TitleWeights Of(ReadOnlySpan<float> values) => new(values[0], values[1]);

    /// <returns>[2], in the order of the parameters.</returns>
    public float[] ToArray() => [Likelihood, Prior];

    /// <param name="likelihood">log p(title | prompt)</param>
    /// <param name="prior">The title's prior, nats.</param>
    public float Score(float likelihood, float prior) => Likelihood * likelihood - Prior * prior;
}
