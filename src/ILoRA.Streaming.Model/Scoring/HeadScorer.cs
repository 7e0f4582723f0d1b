using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>Scores catalogue items for one user by the fused head (formula at <see cref="ScoreHead"/>).</summary>
public static class HeadScorer
{
    /// <param name="head">The version's head.</param>
    /// <param name="catalogue">Items by catalogue index.</param>
    /// <param name="user">What is known of the user.</param>
    /// <param name="history">Catalogue indices of the user's whole known sequence; an index below 0 is ignored.</param>
    /// <returns>Scores by catalogue index.</returns>
    public static float[] Score(ScoreHead head, IReadOnlyList<ItemVector> catalogue, UserVector user, ReadOnlySpan<int> history)
    {
        var scores = new float[catalogue.Count];
        var weights = head.Weights;
        var scale = 1 / MathF.Sqrt(head.Hidden);
        var (encoder, similar, together) = (weights[ScoreTerm.Encoder], weights[ScoreTerm.Similar], weights[ScoreTerm.Together]);
        var unknown = encoder * SasRec.LogUnknown(user.LogEncoder.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            var item = catalogue[i];
            scores[i] = scale * TensorPrimitives.Dot<float>(user.Hidden, item.Vector) + similar * TensorPrimitives.Dot<float>(user.Titles, item.Direction) + item.Prior
                + (item.Row < 0 ? unknown : encoder * user.LogEncoder[item.Row] + together * user.Together[item.Row]);
        }
        AddRepeats(weights, scores, history);
        return scores;
    }

    private static void AddRepeats(ScoreWeights weights, float[] scores, ReadOnlySpan<int> history)
    {
        var times = new Dictionary<int, int>();
        foreach (var index in history)
            if (index >= 0)
                times[index] = times.GetValueOrDefault(index) + 1;
        foreach (var (index, count) in times)
            scores[index] += weights[ScoreTerm.Repeat] * MathF.Log(1 + count);
    }
}
