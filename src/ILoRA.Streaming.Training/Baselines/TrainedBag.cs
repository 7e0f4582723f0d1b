using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>
/// A baseline with the score head's form but without forward passes of a language model, as a control for what these add. With title
/// vectors t, item rows e of an encoder and numbers of occurrences n:
/// <code>
/// h   = sum over the newest ten items j of w_j (U t_j + U_e e_j)
/// v_i = P_t t_i + n_i / (n_i + 5) P_e e_i
/// s_i = c h . v_i / sqrt(H)
/// </code>
/// </summary>
/// <param name="Places">w [10], the weights by recency, the newest item's first.</param>
/// <param name="Read">[M x H], U t + U_e e of each item.</param>
/// <param name="Scored">[M x H], c v / sqrt(H) of each item.</param>
public sealed record TrainedBag(float[] Places, float[] Read, float[] Scored)
{
    /// <summary>The number of newest items of a history that are used.</summary>
    public const int Window = 10;

    /// <summary>The scores of all items.</summary>
    /// <param name="items">M, the number of items.</param>
    /// <param name="history">The history's items, oldest first.</param>
    /// <returns>[M]; zeros for an empty history.</returns>
    public float[] Scores(int items, int[] history)
    {
        var width = Read.Length / items;
        var h = new float[width];
        foreach (var (place, item) in history.Reverse().Take(Places.Length).Index())
            Matrix.AddScaled<float>(Read.AsSpan(item * width, width), Places[place], h);
        var scores = new float[items];
        Matrix.Multiply<float>(Scored, h, scores);
        return scores;
    }
}
