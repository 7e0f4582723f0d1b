namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The title scorer's sum, as it is served and measured:
/// <code>
/// s_i = a log p(title i | prompt) - b prior_i + c log p_enc(i)
/// </code>
/// a and b are the head's <see cref="TitleWeights"/>, c its weight of <see cref="ScoreTerm.Encoder"/>: 0 where the line does not fuse.
/// </summary>
public static class TitleScorer
{
    /// <param name="head">The version's head.</param>
    /// <param name="likelihood">log p(title | prompt), nats.</param>
    /// <param name="prior">The title's prior, nats.</param>
    /// <param name="encoder">The item's <see cref="Encoders.SasRec.LogProbability"/>, nats.</param>
    public static float Score(ScoreHead head, float likelihood, float prior, float encoder) =>
        head.TitleWeights.Score(likelihood, prior) + head.Weights[ScoreTerm.Encoder] * encoder;
}
