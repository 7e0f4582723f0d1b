using System.Numerics;
using System.Numerics.Tensors;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Softmax that large scores can't overflow: TensorPrimitives' own does not subtract the maximum.</summary>
public static class Softmax
{
    /// <param name="scores">Replaced by exp(score - max) / sum.</param>
    public static void InPlace<T>(Span<T> scores)
        where T : IExponentialFunctions<T>, INumber<T>
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<T>(scores), scores);
        TensorPrimitives.SoftMax<T>(scores, scores);
    }
}
