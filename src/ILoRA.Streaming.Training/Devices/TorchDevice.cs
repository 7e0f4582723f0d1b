using TorchSharp;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>Chooses the LibTorch device (CPU or CUDA), from the setting, the build and the machine.</summary>
public static class TorchDevice
{
    /// <summary>The native libraries that this build contains (<c>-p:Accelerator</c>).</summary>
#if CUDA
    public const string Built = "cuda";
#else
    public const string Built = "cpu";
#endif

    /// <param name="wanted"><c>cpu</c>, <c>cuda</c> or <c>auto</c>.</param>
    /// <returns>The device to use, with a warning where it is not the one asked for.</returns>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static TorchDeviceChoice Choose(string wanted) => Choose(wanted, Built == "cuda", () => torch.cuda.is_available());

    internal static TorchDeviceChoice Choose(string wanted, bool builtForCuda, Func<bool> cudaWorks) => wanted.ToLowerInvariant() switch
    {
        "cpu" => new(DeviceType.CPU, null),
        "auto" => new(builtForCuda && cudaWorks() ? DeviceType.CUDA : DeviceType.CPU, null),
        "cuda" when !builtForCuda => new(DeviceType.CPU,
            "Device cuda was requested, but this build contains the CPU libraries: build with -p:Accelerator=cuda. Using the CPU instead."),
        "cuda" when !cudaWorks() => new(DeviceType.CPU,
            "Device cuda was requested, but no CUDA device or driver works on this machine: check nvidia-smi. Using the CPU instead."),
        "cuda" => new(DeviceType.CUDA, null),
        _ => throw new ArgumentException($"Unknown device '{wanted}': use cpu, cuda or auto.", nameof(wanted)),
    };
}

/// <summary>The result of <see cref="TorchDevice.Choose(string)"/>.</summary>
/// <param name="Type">The device to use.</param>
/// <param name="Warning">Why it is not the one asked for; null where it is.</param>
public sealed record TorchDeviceChoice(DeviceType Type, string? Warning)
{
    public torch.Device Device => new(Type);
}
