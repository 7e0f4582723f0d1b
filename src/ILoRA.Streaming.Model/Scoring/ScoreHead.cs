namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The head scorer's learned part. With h the language model's last hidden state [H] and t the title vector of item i [H]:
/// <code>
/// v_i   = P_t t_i + n_i / (n_i + 5) P_e f_i          f_i = what the encoder learned of the item (SasRec.ItemFeatures), n_i = times seen
/// s_i   = h . v_i / sqrt(H) + c log p_enc(i) + g similar_i + k together_i
///         + a log(1 + recent_i) + b [n_i = 0] + m log(1 + times i is in the history)
/// </code>
/// similar is <see cref="TitleSimilarity"/>, together <see cref="ItemNeighbours"/>. The last three terms are recent popularity, whether an item is new, and
/// repeat consumption. An item without an encoder row takes log p_enc = -log N.
/// </summary>
/// <param name="Hidden">H</param>
/// <param name="Width">F, the encoder's 2 d + 1</param>
/// <param name="Title">P_t [H, H]</param>
/// <param name="Item">P_e [H, F]</param>
/// <param name="Centre">The mean title vector [H] of the catalogue that the head was fit on.</param>
/// <param name="Weights">c, a, b, m, g and k, by <see cref="ScoreTerm"/>.</param>
public sealed record ScoreHead(int Hidden, int Width, float[] Title, float[] Item, float[] Centre, ScoreWeights Weights)
{
    /// <summary>The shrinkage constant of the item term.</summary>
    public const float Shrinkage = 5;

    /// <summary>What the title scorer makes of likelihoods; the head scorer has no use for it.</summary>
    public TitleWeights TitleWeights { get; init; } = TitleWeights.Raw;

    /// <summary>The head with the language model's term this many times as strong.</summary>
    public ScoreHead Scaled(float scale) => this with { Title = Array.ConvertAll(Title, value => value * scale), Item = Array.ConvertAll(Item, value => value * scale) };
}
