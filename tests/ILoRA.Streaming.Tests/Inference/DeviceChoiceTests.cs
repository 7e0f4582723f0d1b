using ILoRA.Streaming.Inference.Sessions;

namespace ILoRA.Streaming.Tests.Inference;

public sealed class DeviceChoiceTests
{
    private static readonly string[] CpuOnly = ["CPUExecutionProvider"];
    private static readonly string[] WithCuda = ["CUDAExecutionProvider", "CPUExecutionProvider"];

    [Fact]
    public void Cpu_build_takes_the_cpu_by_default() =>
        Assert.Equal(new DeviceChoice(Device.Cpu, null), DeviceChoice.Of(null, false, CpuOnly));

    [Fact]
    public void Cuda_build_takes_cuda_by_default() =>
        Assert.Equal(new DeviceChoice(Device.Cuda, null), DeviceChoice.Of(null, true, WithCuda));

    [Fact]
    public void Cuda_build_takes_the_cpu_when_asked() =>
        Assert.Equal(new DeviceChoice(Device.Cpu, null), DeviceChoice.Of(Device.Cpu, true, WithCuda));

    [Fact]
    public void Cuda_in_a_cpu_build_falls_back_and_names_the_build_switch()
    {
        var choice = DeviceChoice.Of(Device.Cuda, false, WithCuda);

        Assert.Equal(Device.Cpu, choice.Device);
        Assert.Contains("-p:Accelerator=cuda", choice.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Cuda_without_its_provider_falls_back_and_names_the_package()
    {
        var choice = DeviceChoice.Of(Device.Cuda, true, CpuOnly);

        Assert.Equal(Device.Cpu, choice.Device);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", choice.Warning, StringComparison.Ordinal);
    }
}
