using TorchSharp;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>
/// Arithmetic of tensors with numbers that is safe from garbage collection. TorchSharp wraps a number in a temporary Scalar that owns
/// native memory, and nothing keeps this object alive while native code reads it: under load the finaliser sometimes frees it first, and
/// the call fails or reads freed memory.
/// </summary>
internal static class ScalarMath
{
    private static readonly Scalar One = 1.ToScalar();
    private static readonly Scalar MinusOne = (-1).ToScalar();
    private static readonly Scalar MinusInfinity = float.NegativeInfinity.ToScalar();

    public static Tensor Times(this Tensor tensor, double factor) => With(factor, scalar => tensor.mul(scalar));

    /// <summary>tensor + term; TorchSharp's overload without the explicit factor of 1 creates a temporary Scalar for it.</summary>
    public static Tensor Plus(this Tensor tensor, double term) => With(term, scalar => tensor.add(scalar, One));

    /// <summary>tensor + term; TorchSharp's operator creates a temporary Scalar for its factor of 1.</summary>
    public static Tensor Plus(this Tensor tensor, Tensor term) => tensor.add(term, One);

    /// <summary>tensor - term; as <see cref="Plus(Tensor, Tensor)"/>.</summary>
    public static Tensor Minus(this Tensor tensor, Tensor term) => tensor.add(term, MinusOne);

    /// <summary>tensor += term, in place; as <see cref="Plus(Tensor, Tensor)"/>.</summary>
    public static void Add(this Tensor tensor, Tensor term) => tensor.add_(term, One);

    /// <summary>x^2; TorchSharp's square creates a temporary Scalar for its exponent.</summary>
    public static Tensor Squared(this Tensor tensor) => tensor.mul(tensor);

    /// <summary>Replaces entries by -infinity where <paramref name="mask"/> is true.</summary>
    public static Tensor MaskOut(this Tensor tensor, Tensor mask) => tensor.masked_fill(mask, MinusInfinity);

    /// <summary>Adds each row of <paramref name="source"/> to the row that <paramref name="index"/> gives for it.</summary>
    public static Tensor SumInto(this Tensor tensor, Tensor index, Tensor source) => tensor.index_add(0, index, source, One);

    /// <summary>An exponential moving average, in place: tensor = keep x tensor + (1 - keep) x term.</summary>
    public static void Average(this Tensor tensor, Tensor term, double keep)
    {
        With(keep, scalar => tensor.mul_(scalar));
        With(1 - keep, scalar => tensor.add_(term, scalar));
    }

    /// <summary>tensor += factor x a / b, in place.</summary>
    public static void AddQuotient(this Tensor tensor, Tensor a, Tensor b, double factor) =>
        With(factor, scalar => tensor.addcdiv_(a, b, scalar));

    /// <summary>Linear interpolation, in place: tensor += fraction x (goal - tensor).</summary>
    public static void MoveTowards(this Tensor tensor, Tensor goal, double fraction) =>
        With(fraction, scalar => tensor.add_(goal.Minus(tensor), scalar));

    private static Tensor With(double value, Func<Scalar, Tensor> call)
    {
        using var scalar = value.ToScalar();
        var result = call(scalar);
        GC.KeepAlive(scalar);
        return result;
    }
}
