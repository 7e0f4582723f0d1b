using System.Numerics;
using System.Numerics.Tensors;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Products of row-major matrices and vectors in spans.</summary>
public static class Matrix
{
    /// <summary>y = W x.</summary>
    /// <param name="weight">[rows, columns], rows = y's length, columns = x's length.</param>
    /// <param name="x">[columns]</param>
    /// <param name="y">[rows]</param>
    public static void Multiply<T>(ReadOnlySpan<T> weight, ReadOnlySpan<T> x, Span<T> y)
        where T : INumber<T>
    {
        if (weight.Length != x.Length * y.Length)
            throw new ArgumentException($"A weight of {weight.Length} numbers does not map {x.Length} to {y.Length}.", nameof(weight));
        for (var row = 0; row < y.Length; row++)
            y[row] = TensorPrimitives.Dot(weight.Slice(row * x.Length, x.Length), x);
    }

    /// <summary>y += scale * x.</summary>
    public static void AddScaled<T>(ReadOnlySpan<T> x, T scale, Span<T> y)
        where T : INumber<T> => TensorPrimitives.MultiplyAdd(x, scale, y, y);
}
