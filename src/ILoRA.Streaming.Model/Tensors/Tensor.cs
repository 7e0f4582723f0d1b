namespace ILoRA.Streaming.Model.Tensors;

/// <summary>A dense float32 tensor in row-major order, with its name.</summary>
/// <param name="Name">The tensor's name in its file.</param>
/// <param name="Shape">Dimensions, outermost first; empty for a scalar.</param>
/// <param name="Values">The values, row-major. The array is not copied: do not change it.</param>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>Row <paramref name="index"/> of a [rows, columns] tensor, without a copy.</summary>
    public ReadOnlyMemory<float> Row(int index) => Values.AsMemory(index * Shape[^1], Shape[^1]);
}
