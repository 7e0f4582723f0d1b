using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// The similarity of an item's title to the titles of the history: sim_i = sum_j 0.4^j u_j . u_i over the history, the newest (j = 0)
/// first. u is the title vector (see <see cref="TitleVectors"/>) minus the catalogue's mean, scaled to length 1. The mean is subtracted
/// because title vectors have a large component in common.
/// </summary>
public static class TitleSimilarity
{
    /// <summary>The weight of a title relative to the next newer one.</summary>
    public const float Decay = 0.4f;

    /// <summary>The number of most recent titles that are used; the next one would have a weight below 1/9,000.</summary>
    public const int Window = 10;

    /// <summary>Computes the direction u of a title.</summary>
    /// <param name="title">The title vector [H]; zeros for an item without a title.</param>
    /// <param name="centre">The mean title vector [H], <see cref="ScoreHead.Centre"/>.</param>
    /// <returns>u [H]; zeros for an item without a title and for a title vector equal to the mean.</returns>
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

    /// <summary>Computes the query vector of a history.</summary>
    /// <param name="history">The direction u [H] of each title, oldest first.</param>
    /// <param name="hidden">H</param>
    /// <returns>sum_j 0.4^j u_j [H]; its dot product with an item's u is the similarity.</returns>
    public static float[] Query(IReadOnlyList<float[]> history, int hidden)
    {
        var query = new float[hidden];
        var weight = 1f;
        for (var at = history.Count - 1; at >= 0 && at >= history.Count - Window; at--, weight *= Decay)
            Matrix.AddScaled(history[at], weight, query.AsSpan());
        return query;
    }
}
