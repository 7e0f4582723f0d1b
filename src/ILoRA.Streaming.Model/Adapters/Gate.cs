using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>The paper's gate: w = softmax(W z), one for all layers, no bias.</summary>
/// <param name="Experts">K</param>
/// <param name="Width">d, the width of the sequence vector z.</param>
/// <param name="Weight">W [K, d]; empty for a uniform gate (ordinary LoRA).</param>
public sealed record Gate(int Experts, int Width, float[] Weight)
{
    public static Gate Uniform(int experts, int width) => new(experts, width, []);

    public bool IsUniform => Weight.Length == 0;

    /// <param name="z">[d], the encoder's sequence vector.</param>
    /// <returns>[K], on the simplex.</returns>
    public float[] Weights(ReadOnlySpan<float> z)
    {
        var weights = new float[Experts];
        if (IsUniform)
        {
            Array.Fill(weights, 1f / Experts);
            return weights;
        }
        if (z.Length != Width)
            throw new ArgumentException($"The gate reads a sequence vector of {Width} numbers, got {z.Length}.", nameof(z));
        for (var k = 0; k < Experts; k++)
            weights[k] = TensorPrimitives.Dot(Weight.AsSpan(k * Width, Width), z);
        Softmax.InPlace<float>(weights);
        return weights;
    }
}
