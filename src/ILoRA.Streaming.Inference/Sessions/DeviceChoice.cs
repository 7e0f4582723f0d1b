using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>The device to use.</summary>
/// <param name="Device">The device.</param>
/// <param name="Warning">The reason where it is not the requested device; else null.</param>
public sealed record DeviceChoice(Device Device, string? Warning)
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Whether this is a build with <c>-p:Accelerator=cuda</c>.</summary>
    public static bool BuiltForCuda =>
#if CUDA
        true;
#else
        false;
#endif

    /// <summary>Chooses the device.</summary>
    /// <param name="requested">The requested device; null for CUDA in a CUDA build and the CPU otherwise.</param>
    /// <param name="builtForCuda">Whether the build contains the CUDA execution provider.</param>
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

    /// <summary>Chooses the device and creates session options for it. Falls back to the CPU with a warning.</summary>
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
                // Without a driver or the CUDA libraries, this is the first call that fails.
                choice = Fallback(missing.Message);
            }
        }
        if (choice.Warning is { } warning)
            DeviceLog.FellBack(logger, warning);
        return (Plain(threads), Device.Cpu);
    }

    private static DeviceChoice Fallback(string reason) => new(Device.Cpu, $"CUDA was asked for, running on the CPU: {reason}.");

    // Memory patterns are planned per input shape; prompts differ in length, so they would not be reused.
    private static SessionOptions Plain(int threads) => new()
    {
        IntraOpNumThreads = threads,
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        EnableMemoryPattern = false,
    };
}
