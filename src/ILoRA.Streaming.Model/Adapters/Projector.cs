using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>
/// LLaRA's projector (arXiv 2312.02445), which maps an item's row of the encoder into the language model's embedding space: Linear(d, h),
/// exact GELU, Linear(h, h).
/// </summary>
/// <param name="Width">d, the width of an item row.</param>
/// <param name="Hidden">h, the width of a token embedding.</param>
/// <param name="Weight0">[h, d]</param>
/// <param name="Bias0">[h]</param>
/// <param name="Weight2">[h, h]</param>
/// <param name="Bias2">[h]</param>
public sealed record Projector(int Width, int Hidden, float[] Weight0, float[] Bias0, float[] Weight2, float[] Bias2)
{
    /// <summary>Projects one item.</summary>
    /// <param name="row">The item's row [d] of the encoder's input table.</param>
    /// <returns>The embedding [h] that replaces the item token's.</returns>
    public float[] Project(ReadOnlySpan<float> row)
    {
        var inner = new float[Hidden];
        Matrix.Multiply<float>(Weight0, row, inner);
        TensorPrimitives.Add(inner, Bias0, inner);
        for (var i = 0; i < inner.Length; i++)
            inner[i] = Gelu(inner[i]);
        var output = new float[Hidden];
        Matrix.Multiply<float>(Weight2, inner, output);
        TensorPrimitives.Add(output, Bias2, output);
        return output;
    }

    private static float Gelu(float x) => (float)(0.5 * x * (1 + ErrorFunction(x / Math.Sqrt(2))));

    // Series for small arguments, continued fraction of erfc for large ones (Abramowitz and Stegun 7.1.6, 7.1.14); the error is below
    // 1e-12.
    private static double ErrorFunction(double x)
    {
        var size = Math.Abs(x);
        if (size > 6)
            return Math.Sign(x);
        if (size > 2.5)
            return Math.Sign(x) * (1 - ComplementByFraction(size));
        double term = size, sum = size;
        for (var n = 1; Math.Abs(term) > 1e-16 * sum; n++)
        {
            term *= 2 * size * size / (2 * n + 1);
            sum += term;
        }
        return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * Math.Exp(-size * size) * sum;
    }

    private static double ComplementByFraction(double x)
    {
        var fraction = x;
        for (var n = 60; n >= 1; n--)
            fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
