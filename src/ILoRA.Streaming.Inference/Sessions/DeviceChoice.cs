using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>The device that will be used, and why it is not the one asked for.</summary>
public sealed record DeviceChoice(Device Device, string? Warning)
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>True in a build with <c>-p:Accelerator=cuda</c>.</summary>
    public static bool BuiltForCuda =>
#if CUDA
        true;
#else
        false;
#endif

    /// <summary>The device for <paramref name="requested"/>, by default CUDA in a CUDA build and the CPU otherwise.</summary>
    /// <param name="builtForCuda">Whether this build carries the CUDA execution provider.</param>
    /// <param name="providers">The execution providers of the native library.</param>
    public static DeviceChoice Of(Device? requested, bool builtForCuda, IReadOnlyCollection<string> providers)
    {
        var wanted = requested ?? (builtForCuda ? Device.Cuda : Device.Cpu);
        if (wanted == Device.Cpu)
            return new DeviceChoice(Device.Cpu, null);
        if (!builtForCuda)
            return Fallback("this build has the CPU runtime only; build with -p:Accelerator=cuda");
        if (!providers.Contains(CudaProvider))
            return Fallback("the native ONNX Runtime has no CUDA execution provider; install Microsoft.ML.OnnxRuntime.Gpu");
        return new DeviceChoice(Device.Cuda, null);
    }

    /// <summary>Options of a session on the chosen device, and which that is. Falls back to the CPU with one warning.</summary>
    internal static (SessionOptions Options, Device Device) Options(Device? requested, int threads, ILogger logger)
    {
        var choice = Of(requested, BuiltForCuda, OrtEnv.Instance().GetAvailableProviders());
        if (choice.Device == Device.Cuda)
        {
            try
            {
                var cuda = Plain(threads);
                cuda.AppendExecutionProvider_CUDA();
                return (cuda, Device.Cuda);
            }
            catch (OnnxRuntimeException missing)
            {
                // A machine without a driver or CUDA libraries fails here, not before.
                choice = Fallback(missing.Message);
            }
        }
        if (choice.Warning is { } warning)
            DeviceLog.FellBack(logger, warning);
        return (Plain(threads), Device.Cpu);
    }

    private static DeviceChoice Fallback(string reason) => new(Device.Cpu, $"CUDA was asked for, running on the CPU: {reason}.");

    // Prompts differ in length, so planned memory patterns would never repeat.
    private static SessionOptions Plain(int threads) => new()
    {
        IntraOpNumThreads = threads,
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        EnableMemoryPattern = false,
    };
}
