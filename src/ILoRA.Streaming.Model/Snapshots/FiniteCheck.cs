using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>Rejects files with a NaN or an infinity, so that such a version is never served.</summary>
internal static class FiniteCheck
{
    /// <summary>Throws where a tensor of the file holds a number that is not finite.</summary>
    /// <exception cref="InvalidDataException">The message names the tensor.</exception>
    public static void Require(SafetensorsFile file)
    {
        foreach (var name in file.Names)
            // IsFiniteAll is false for an empty span.
            if (!file.IsBytes(name) && !file.Shape(name).Contains(0) && !TensorPrimitives.IsFiniteAll<float>(file.Read(name).Values))
                throw new InvalidDataException($"{file.Source}: tensor '{name}' holds a number that is not finite; retrain or roll back.");
    }
}
