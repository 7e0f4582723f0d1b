using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>What the head scorer needs of one catalogue item under one version.</summary>
/// <param name="Row">The item's encoder row, or -1.</param>
/// <param name="Prior">The part of the score that depends on the item alone: a log(1 + recent) + b [n = 0].</param>
/// <param name="Vector">v [H]</param>
/// <param name="Direction">u [H], see <see cref="TitleSimilarity"/>.</param>
public sealed record ItemVector(int Row, float Prior, float[] Vector, float[] Direction)
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
            Matrix.Multiply<float>(head.Item, encoder.ItemFeatures(row), learned);
            Matrix.AddScaled<float>(learned, seen / (seen + ScoreHead.Shrinkage), vector);
        }
        var recent = row >= 0 ? items.Recent[row] : 0;
        return new ItemVector(row, head.Weights[ScoreTerm.Popularity] * MathF.Log(1 + recent) + (seen > 0 ? 0 : head.Weights[ScoreTerm.New]), vector, TitleSimilarity.Direction(title, head.Centre));
    }
}
