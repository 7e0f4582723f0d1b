using System.Numerics.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>The difference in one tensor between two versions a and b.</summary>
/// <param name="Name">The tensor's name in its part.</param>
/// <param name="Relative">||b - a|| / ||a||; null where a is all zeros and b is not, such as LoRA's B before the first step.</param>
/// <param name="Cosine">The cosine similarity of a and b as vectors; null where one of them is all zeros.</param>
/// <param name="Largest">The largest |b_i - a_i|.</param>
public sealed record TensorDiff(string Name, double? Relative, double? Cosine, double Largest)
{
    /// <summary>Whether any number differs.</summary>
    public bool IsMoved => Largest > 0;

    /// <summary>Compares two tensors.</summary>
    /// <param name="name">The tensor's name in its part.</param>
    /// <param name="a">The values in the first version.</param>
    /// <param name="b">The values in the second version, of the same length.</param>
    public static TensorDiff Of(string name, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var change = new double[a.Length];
        var from = new double[a.Length];
        var to = new double[a.Length];
        TensorPrimitives.ConvertTruncating(a, from);
        TensorPrimitives.ConvertTruncating(b, to);
        TensorPrimitives.Subtract<double>(to, from, change);
        var (moved, length, other) =
            (TensorPrimitives.Norm<double>(change), TensorPrimitives.Norm<double>(from), TensorPrimitives.Norm<double>(to));
        return new(name,
            length > 0 ? moved / length : moved > 0 ? null : 0,
            length > 0 && other > 0 ? TensorPrimitives.Dot<double>(from, to) / (length * other) : null,
            change.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<double>(change)));
    }
}
