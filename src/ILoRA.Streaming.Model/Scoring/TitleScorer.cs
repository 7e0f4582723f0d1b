namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The title scorer's score, the same in serving and in evaluation:
/// <code>
/// s_i = a log p(title i | prompt) - b prior_i + c log p_enc(i)
/// </code>
/// a and b are the head's <see cref="TitleWeights"/>, c is its weight of <see cref="ScoreTerm.Encoder"/>, 0 where the encoder is not fused
/// in.
/// </summary>
public static class TitleScorer
{
    /// <summary>Computes the score of one item.</summary>
    /// <param name="head">The version's head.</param>
    /// <param name="likelihood">log p(title | prompt), in nats.</param>
    /// <param name="prior">The title prior, in nats (see <see cref="TitleWeights"/>).</param>
    /// <param name="encoder">The item's <see cref="Encoders.SasRec.LogProbability"/>, in nats.</param>
    public static float Score(ScoreHead head, float likelihood, float prior, float encoder) =>
        head.TitleWeights.Score(likelihood, prior) + head.Weights[ScoreTerm.Encoder] * encoder;
}
