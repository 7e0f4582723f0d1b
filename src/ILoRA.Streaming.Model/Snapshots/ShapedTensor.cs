using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>Reads a tensor that must have a given shape.</summary>
internal static class ShapedTensor
{
    /// <exception cref="InvalidDataException">It is missing or has another shape.</exception>
    public static float[] Read(SafetensorsFile file, string name, params int[] shape)
    {
        if (!file.Shape(name).SequenceEqual(shape))
            throw new InvalidDataException(
                $"{file.Source}: tensor '{name}' is [{string.Join(", ", file.Shape(name))}], expected [{string.Join(", ", shape)}]; "
                    + "retrain or roll back.");
        return file.Read(name).Values;
    }
}
