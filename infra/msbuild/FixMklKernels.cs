using System.Runtime.CompilerServices;
using ILoRA.Streaming.Training.Devices;

/// <summary>
/// Part of every program that uses LibTorch (see Directory.Build.targets): runs before its Main, while it has no other thread and LibTorch
/// is not loaded.
/// </summary>
internal static class FixMklKernels
{
    [ModuleInitializer]
    internal static void BeforeMain() => MklKernels.Fix();
}
