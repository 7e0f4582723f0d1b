using System.Numerics.Tensors;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Snapshots;

/// <summary>A version with a NaN or an infinity in it is never served.</summary>
internal static class FiniteCheck
{
    /// <exception cref="InvalidDataException">A tensor holds a number that is not finite; the message names it.</exception>
    public static void Require(SafetensorsFile file)
    {
        foreach (var name in file.Names)
            // (IsFiniteAll says no of nothing.)
            if (!file.IsBytes(name) && !file.Shape(name).Contains(0) && !TensorPrimitives.IsFiniteAll<float>(file.Read(name).Values))
                throw new InvalidDataException($"{file.Source}: tensor '{name}' holds a number that is not finite; retrain or roll back.");
    }
}
