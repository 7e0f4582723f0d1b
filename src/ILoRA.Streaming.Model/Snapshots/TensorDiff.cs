using System.Numerics.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>How far one tensor lies from the same tensor of another version.</summary>
/// <param name="Name">Its name in the part.</param>
/// <param name="Relative">||b - a|| / ||a||; null where a is all zeros and b is not, as LoRA's B before the first step.</param>
/// <param name="Cosine">Of the angle between a and b as vectors; null where one of them is all zeros.</param>
/// <param name="Largest">The largest |b - a| of one number.</param>
public sealed record TensorDiff(string Name, double? Relative, double? Cosine, double Largest)
{
    public bool IsMoved => Largest > 0;

    /// <param name="name">Its name in the part.</param>
    /// <param name="a">The numbers of one version.</param>
    /// <param name="b">As many of the other.</param>
    public static TensorDiff Of(string name, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var change = new double[a.Length];
        var from = new double[a.Length];
        var to = new double[a.Length];
        TensorPrimitives.ConvertTruncating(a, from);
        TensorPrimitives.ConvertTruncating(b, to);
        TensorPrimitives.Subtract<double>(to, from, change);
        var (moved, length, other) = (TensorPrimitives.Norm<double>(change), TensorPrimitives.Norm<double>(from), TensorPrimitives.Norm<double>(to));
        return new(name,
            length > 0 ? moved / length : moved > 0 ? null : 0,
            length > 0 && other > 0 ? TensorPrimitives.Dot<double>(from, to) / (length * other) : null,
            change.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<double>(change)));
    }
}
