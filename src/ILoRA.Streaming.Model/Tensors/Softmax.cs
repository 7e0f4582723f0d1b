using System.Numerics.Tensors;

namespace ILoRA.Streaming.Model.Tensors;

/// <summary>Softmax that large scores can't overflow: TensorPrimitives' own does not subtract the maximum.</summary>
public static class Softmax
{
    /// <param name="scores">Replaced by exp(score - max) / sum.</param>
    public static void InPlace(Span<float> scores)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
        TensorPrimitives.SoftMax(scores, scores);
    }
}
