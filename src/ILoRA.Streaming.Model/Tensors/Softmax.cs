using System.Numerics;
using System.Numerics.Tensors;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Softmax without overflow for large scores: TensorPrimitives.SoftMax does not subtract the maximum.</summary>
public static class Softmax
{
    /// <summary>Computes the softmax in place.</summary>
    /// <param name="scores">The scores; replaced by exp(score - max) / sum.</param>
    public static void InPlace<T>(Span<T> scores)
        where T : IExponentialFunctions<T>, INumber<T>
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<T>(scores), scores);
        TensorPrimitives.SoftMax<T>(scores, scores);
    }
}
