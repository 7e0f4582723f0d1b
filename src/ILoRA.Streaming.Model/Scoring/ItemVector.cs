using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The vectors of one catalogue item under one version, as the head scorer reads them (formula at <see cref="ScoreHead"/>).
/// </summary>
/// <param name="Row">The item's encoder row, or -1 where it has none.</param>
/// <param name="Prior">The part of the score that depends on the item only: a log(1 + recent) + b [n = 0].</param>
/// <param name="Vector">The item vector v [H].</param>
/// <param name="Direction">The title direction u [H], see <see cref="TitleSimilarity"/>.</param>
public sealed record ItemVector(int Row, float Prior, float[] Vector, float[] Direction)
{
    /// <summary>Computes the vectors of an item.</summary>
    /// <param name="head">The version's head.</param>
    /// <param name="encoder">The version's encoder.</param>
    /// <param name="items">The encoder's items.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="title">The title vector [H], from <see cref="TitleVectors"/>.</param>
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
        return new ItemVector(row,
            head.Weights[ScoreTerm.Popularity] * MathF.Log(1 + recent) + (seen > 0 ? 0 : head.Weights[ScoreTerm.New]), vector,
            TitleSimilarity.Direction(title, head.Centre));
    }
}
