namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The learned parameters of the score. The head scorer computes, with h the language model's last hidden state [H] and t_i the title
/// vector of item i [H]:
/// <code>
/// v_i   = P_t t_i + n_i / (n_i + 5) P_e f_i          f_i = the encoder's parameters of the item (SasRec.ItemFeatures), n_i = its training
/// clicks s_i   = h . v_i / sqrt(H) + c log p_enc(i) + g sim_i + k co_i         + a log(1 + recent_i) + b [n_i = 0] + m log(1 + number of
/// times i is in the history)
/// </code>
/// sim is <see cref="TitleSimilarity"/>, co the co-occurrence of <see cref="ItemNeighbours"/>. The last three terms are recent popularity,
/// whether the item is new, and repeat consumption. An item without an encoder row has log p_enc = -log N.
/// </summary>
/// <param name="Hidden">H</param>
/// <param name="Width">F = 2 d + 1, the length of the encoder's item features.</param>
/// <param name="Title">P_t [H, H]</param>
/// <param name="Item">P_e [H, F]</param>
/// <param name="Centre">The mean title vector [H] of the catalogue that the head was fitted on.</param>
/// <param name="Weights">The weights c, a, b, m, g and k, by <see cref="ScoreTerm"/>.</param>
public sealed record ScoreHead(int Hidden, int Width, float[] Title, float[] Item, float[] Centre, ScoreWeights Weights)
{
    /// <summary>The shrinkage constant of P_e f_i in clicks: 5.</summary>
    public const float Shrinkage = 5;

    /// <summary>The title scorer's weights of likelihood and title prior; the head scorer does not use them.</summary>
    public TitleWeights TitleWeights { get; init; } = TitleWeights.Raw;

    /// <summary>A copy of the head with the language model's term multiplied by <paramref name="scale"/>.</summary>
    public ScoreHead Scaled(float scale) =>
        this with { Title = Array.ConvertAll(Title, value => value * scale), Item = Array.ConvertAll(Item, value => value * scale) };
}
