using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>
/// The gate, which computes the weights of the experts from the sequence vector z; all layers share them. Linear: softmax(W z) (arXiv
/// 2408.10159); with a hidden layer: softmax(W relu(W1 z + b1)); uniform: 1/K each.
/// </summary>
/// <param name="Experts">K</param>
/// <param name="Width">d, the width of the sequence vector z, and of the hidden layer where there is one.</param>
/// <param name="Weight">W [K, d]; empty for a uniform gate (ordinary LoRA).</param>
/// <param name="Hidden">W1 and b1; null for a linear or a uniform gate.</param>
public sealed record Gate(int Experts, int Width, float[] Weight, GateLayer? Hidden = null)
{
    public static Gate Uniform(int experts, int width) => new(experts, width, []);

    public GateKind Kind => Weight.Length == 0 ? GateKind.Uniform : Hidden is null ? GateKind.Linear : GateKind.Mlp;

    public bool IsUniform => Kind == GateKind.Uniform;

    /// <summary>Computes the experts' weights for one user.</summary>
    /// <param name="z">The encoder's sequence vector [d].</param>
    /// <returns>[K], not negative, with sum 1.</returns>
    /// <exception cref="ArgumentException">z is not of width d and the gate is not uniform.</exception>
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
        Matrix.Multiply<float>(Weight, Hidden is null ? z : Hidden.Apply(z), weights);
        Softmax.InPlace<float>(weights);
        return weights;
    }
}

/// <summary>A gate's hidden layer, of the same width as the sequence vector.</summary>
/// <param name="Weight">W1 [d, d]</param>
/// <param name="Bias">b1 [d]</param>
public sealed record GateLayer(float[] Weight, float[] Bias)
{
    /// <summary>Computes the hidden activations.</summary>
    /// <param name="z">The sequence vector [d].</param>
    /// <returns>relu(W1 z + b1) [d]</returns>
    public float[] Apply(ReadOnlySpan<float> z)
    {
        var hidden = new float[Bias.Length];
        Matrix.Multiply<float>(Weight, z, hidden);
        TensorPrimitives.Add(hidden, Bias, hidden);
        TensorPrimitives.Max(hidden, 0f, hidden);
        return hidden;
    }
}
