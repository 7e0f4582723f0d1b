using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>What the head scorer needs of one catalogue item under one version.</summary>
/// <param name="Row">The item's encoder row, or -1.</param>
/// <param name="Prior">The part of the score that depends on the item alone: a log(1 + recent) + b [n = 0].</param>
/// <param name="Vector">v [H]</param>
public sealed record ItemVector(int Row, float Prior, float[] Vector)
{
    /// <summary>See <see cref="ScoreHead"/> for the formula.</summary>
    /// <param name="head">The version's head.</param>
    /// <param name="encoder">The version's encoder.</param>
    /// <param name="items">What the encoder has seen.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="title">[H], from <see cref="TitleVectors"/>.</param>
    public static ItemVector Of(ScoreHead head, SasRec encoder, ItemTable items, string item, ReadOnlySpan<float> title)
    {
        var vector = new float[head.Hidden];
        Matrix.Multiply<float>(head.Title, title, vector);
        var row = items.RowOf(item);
        var seen = row >= 0 ? items.Seen[row] : 0;
        if (seen > 0)
        {
            var learned = new float[head.Hidden];
            Matrix.Multiply<float>(head.Item, encoder.ItemRow(row), learned);
            Matrix.AddScaled<float>(learned, seen / (seen + ScoreHead.Shrinkage), vector);
        }
        var recent = row >= 0 ? items.Recent[row] : 0;
        return new ItemVector(row, head.Popularity * MathF.Log(1 + recent) + (seen > 0 ? 0 : head.New), vector);
    }
}

/// <summary>Scores catalogue items for one user by the fused head (formula at <see cref="ScoreHead"/>).</summary>
public static class HeadScorer
{
    /// <param name="head">The version's head.</param>
    /// <param name="catalogue">Items by catalogue index.</param>
    /// <param name="hidden">h [H], the language model's last hidden state.</param>
    /// <param name="logProbabilities">The encoder's, by row.</param>
    /// <param name="history">Catalogue indices of the user's whole known sequence; an index below 0 is ignored.</param>
    /// <returns>Scores by catalogue index.</returns>
    public static float[] Score(ScoreHead head, IReadOnlyList<ItemVector> catalogue, ReadOnlySpan<float> hidden, ReadOnlySpan<float> logProbabilities, ReadOnlySpan<int> history)
    {
        var scores = new float[catalogue.Count];
        var scale = 1 / MathF.Sqrt(head.Hidden);
        var unknown = -MathF.Log(Math.Max(1, logProbabilities.Length));
        for (var i = 0; i < scores.Length; i++)
        {
            var item = catalogue[i];
            var encoder = item.Row >= 0 ? logProbabilities[item.Row] : unknown;
            scores[i] = scale * TensorPrimitives.Dot(hidden, item.Vector) + head.Encoder * encoder + item.Prior;
        }
        AddRepeats(head, scores, history);
        return scores;
    }

    private static void AddRepeats(ScoreHead head, float[] scores, ReadOnlySpan<int> history)
    {
        var times = new Dictionary<int, int>();
        foreach (var index in history)
            if (index >= 0)
                times[index] = times.GetValueOrDefault(index) + 1;
        foreach (var (index, count) in times)
            scores[index] += head.Repeat * MathF.Log(1 + count);
    }
}
