using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Devices;

namespace ILoRA.Streaming.Training.Encoders;

/// <summary>Creates a randomly initialised SASRec encoder.</summary>
public static class InitialSasRec
{
    /// <summary>Weights and output rows are N(0, 1 / d), input rows and positions N(0, 0.1^2), biases zero.</summary>
    /// <param name="items">N, the number of items; may be 0, since rows can be appended later.</param>
    /// <param name="random">The generator.</param>
    /// <param name="width">d, the width of item rows and hidden states.</param>
    /// <param name="positions">The maximum length of a history.</param>
    public static SasRec Create(int items, Random random, int width = 64, int positions = 10)
    {
        var tensors = new Dictionary<string, float[]>(StringComparer.Ordinal)
        {
            [SasRec.InputTable] = RandomValues.Normal(random, (items + 1) * width, 0.1f),
            ["positional_embeddings.weight"] = RandomValues.Normal(random, positions * width, 0.1f),
            [SasRec.OutputTable] = RandomValues.Normal(random, items * width, 1 / MathF.Sqrt(width)),
            [SasRec.OutputBias] = new float[items],
        };
        foreach (var norm in new[] { "ln_1", "ln_2", "ln_3", "feed_forward.layer_norm" })
        {
            tensors[$"{norm}.weight"] = Enumerable.Repeat(1f, width).ToArray();
            tensors[$"{norm}.bias"] = new float[width];
        }
        foreach (var linear in new[] { "mh_attn.linear_q", "mh_attn.linear_k", "mh_attn.linear_v", "feed_forward.w_1", "feed_forward.w_2" })
        {
            tensors[$"{linear}.weight"] = RandomValues.Normal(random, width * width, 1 / MathF.Sqrt(width));
            tensors[$"{linear}.bias"] = new float[width];
        }
        return new SasRec(width, positions, items, tensors);
    }
}
