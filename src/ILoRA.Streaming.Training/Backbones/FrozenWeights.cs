using System.Runtime.InteropServices;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Backbones;

/// <summary>
/// Loads a backbone's weights onto a device a few rows at a time, so that large tables are not held in memory several times.
/// </summary>
internal static class FrozenWeights
{
    // 4 MiB of float32.
    private const int NumbersAtOnce = 1 << 20;

    /// <returns>The weight in its own shape, detached from the current dispose scopes; the caller disposes of it.</returns>
    public static Tensor Read(Backbone source, BackboneTensor weight, Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        if (weight.Shape is not [var rows, var width])
            return tensor(source.Read(weight.Name).Values, [.. weight.Shape.Select(size => (long)size)]).to(type).to(device).clone()
                .DetachFromDisposeScope();
        var whole = empty(rows, width, type, device);
        var atOnce = Math.Clamp(NumbersAtOnce / width, 1, rows);
        var part = empty(atOnce, width, ScalarType.Float32);
        for (var first = 0; first < rows; first += atOnce)
        {
            using var step = NewDisposeScope();
            var taken = Math.Min(atOnce, rows - first);
            source.ReadRows(weight.Name, first, MemoryMarshal.Cast<byte, float>(part.bytes)[..(taken * width)]);
            whole.narrow(0, first, taken).copy_(part.narrow(0, 0, taken));
        }
        return whole.DetachFromDisposeScope();
    }
}
