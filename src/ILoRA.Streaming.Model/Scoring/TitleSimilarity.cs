using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// How alike an item's title is to those of the history, in the language model's own title vectors: with u the title vector less the catalogue's mean, scaled to
/// length 1, similar_i = sum_j 0.4^j u_j . u_i over the history, the newest (j = 0) first. Taking the mean off matters: all titles share most of their vector.
/// </summary>
public static class TitleSimilarity
{
    /// <summary>What each older title counts of the one after it.</summary>
    public const float Decay = 0.4f;

    /// <summary>How many titles are read; the next would count less than 1 in 9,000.</summary>
    public const int Window = 10;

    /// <param name="title">[H], from <see cref="TitleVectors"/>; zeros for an item without a title.</param>
    /// <param name="centre">[H]</param>
    /// <returns>u [H]; zeros without a title, and for the mean itself.</returns>
    public static float[] Direction(ReadOnlySpan<float> title, ReadOnlySpan<float> centre)
    {
        var direction = new float[title.Length];
        if (!title.ContainsAnyExcept(0f))
            return direction;
        TensorPrimitives.Subtract(title, centre, direction);
        var length = TensorPrimitives.Norm<float>(direction);
        if (length > 0)
            TensorPrimitives.Divide(direction, length, direction);
        return direction;
    }

    /// <param name="history">Each u [H], oldest first.</param>
    /// <param name="hidden">H</param>
    /// <returns>sum_j 0.4^j u_j [H]: its product with an item's u is the similarity.</returns>
    public static float[] Query(IReadOnlyList<float[]> history, int hidden)
    {
        var query = new float[hidden];
        var weight = 1f;
        for (var at = history.Count - 1; at >= 0 && at >= history.Count - Window; at--, weight *= Decay)
            Matrix.AddScaled(history[at], weight, query.AsSpan());
        return query;
    }
}
