using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Encoders;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>Computes the head scorer's scores of all catalogue items for one user (formula at <see cref="ScoreHead"/>).</summary>
public static class HeadScorer
{
    /// <summary>Scores the catalogue.</summary>
    /// <param name="head">The version's head.</param>
    /// <param name="catalogue">The items, by catalogue index.</param>
    /// <param name="user">The user's vectors.</param>
    /// <param name="history">The catalogue indices of the user's whole history; indices below 0 are ignored.</param>
    /// <returns>The score of each item, by catalogue index.</returns>
    public static float[] Score(ScoreHead head, IReadOnlyList<ItemVector> catalogue, UserVector user, ReadOnlySpan<int> history)
    {
        var scores = new float[catalogue.Count];
        var weights = head.Weights;
        var scale = 1 / MathF.Sqrt(head.Hidden);
        var (encoder, similarity, coOccurrence) =
            (weights[ScoreTerm.Encoder], weights[ScoreTerm.TitleSimilarity], weights[ScoreTerm.CoOccurrence]);
        var unknown = encoder * SasRec.LogUnknown(user.LogEncoder.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            var item = catalogue[i];
            scores[i] = scale * TensorPrimitives.Dot<float>(user.Hidden, item.Vector)
                + similarity * TensorPrimitives.Dot<float>(user.TitleQuery, item.Direction) + item.Prior
                + (item.Row < 0 ? unknown : encoder * user.LogEncoder[item.Row] + coOccurrence * user.CoOccurrence[item.Row]);
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
