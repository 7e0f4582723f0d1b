using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

internal static class NearTensors
{
    /// <summary>Whether no value is off by more than a part of the largest one: a small value that large ones add up to has their rounding, which is another on each CPU.</summary>
    public static bool IsNear(this Tensor expected, Tensor actual, double part) =>
        expected.shape.SequenceEqual(actual.shape) && expected.Minus(actual).abs().max().item<float>() <= part * expected.abs().max().item<float>();
}
