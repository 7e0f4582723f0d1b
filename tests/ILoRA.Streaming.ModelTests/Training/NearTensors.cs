using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

internal static class NearTensors
{
    /// <summary>
    /// Whether all differences are at most a fraction of the largest value. A small value that is a sum of large ones has their rounding
    /// error, which differs between CPUs, so a tolerance relative to each value would be too strict.
    /// </summary>
    public static bool IsNear(this Tensor expected, Tensor actual, double fraction) =>
        expected.shape.SequenceEqual(actual.shape)
        && expected.Minus(actual).abs().max().item<float>() <= fraction * expected.abs().max().item<float>();
}
