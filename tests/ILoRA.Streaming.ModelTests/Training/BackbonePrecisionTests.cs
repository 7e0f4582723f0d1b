using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class BackbonePrecisionTests
{
    private static readonly BackboneSummary Small = Backbone.Load(Golden.Own("llama")).Summary;

    [Theory]
    [InlineData(135_000_000, DeviceType.CPU, false, ScalarType.Float32)]
    [InlineData(135_000_000, DeviceType.CPU, true, ScalarType.BFloat16)]
    [InlineData(135_000_000, DeviceType.CUDA, false, ScalarType.BFloat16)]
    [InlineData(999_999_999, DeviceType.CPU, false, ScalarType.Float32)]
    [InlineData(1_000_000_000, DeviceType.CPU, false, ScalarType.BFloat16)]
    [InlineData(1_000_000_001, DeviceType.CPU, false, ScalarType.BFloat16)]
    public void Auto_is_bfloat16_on_hardware_that_multiplies_it_and_for_large_models(
        long parameters, DeviceType device, bool matrixUnits, ScalarType type) =>
        Assert.Equal(type, BackbonePrecision.Of(parameters, device, matrixUnits));

    [Theory]
    [InlineData("float32", DeviceType.CUDA, ScalarType.Float32)]
    [InlineData("bfloat16", DeviceType.CPU, ScalarType.BFloat16)]
    [InlineData("BFloat16", DeviceType.CPU, ScalarType.BFloat16)]
    [InlineData("auto", DeviceType.CUDA, ScalarType.BFloat16)]
    public void Each_name_gives_its_type(string wanted, DeviceType device, ScalarType type) =>
        Assert.Equal(type, BackbonePrecision.Choose(wanted, Small, device));

    [Fact]
    public void Auto_on_the_CPU_depends_on_its_matrix_units() =>
        Assert.Equal(BackbonePrecision.HasMatrixUnits ? ScalarType.BFloat16 : ScalarType.Float32,
            BackbonePrecision.Choose("auto", Small, DeviceType.CPU));

    [Fact]
    public void An_unknown_name_is_rejected() =>
        Assert.Contains("auto, float32, bfloat16",
            Assert.Throws<ArgumentException>(() => BackbonePrecision.Choose("float16", Small, DeviceType.CPU)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Matrix_units_are_detected_where_the_kernel_reports_them()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "Only Linux lists the CPU's flags in a file.");
        var flags =
            File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];
        // A kernel without AMX support does not list the flags, so the converse does not hold.
        Assert.True(BackbonePrecision.HasMatrixUnits || !(flags.Contains("amx_bf16") && flags.Contains("amx_tile")));
        Assert.False(BackbonePrecision.HasMatrixUnits && !flags.Contains("avx512f"));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("FLOAT32")]
    [InlineData("bfloat16")]
    public void The_trainer_accepts_the_names(string value) => Assert.Equal(value, Options(value).Precision);

    [Theory]
    [InlineData("float16")]
    [InlineData("")]
    public void The_trainer_rejects_other_names_with_value_and_choices(string value)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Options(value));
        Assert.Contains($"Trainer:Precision is '{value}'; it must be one of auto, float32, bfloat16.", Assert.Single(refusal.Failures),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_in_bfloat16_takes_half_the_bytes()
    {
        var source = Backbone.Load(Golden.Own("llama"));
        using var wide = TorchBackbone.Frozen(source, CPU);
        using var narrow = TorchBackbone.Frozen(source, CPU, ScalarType.BFloat16);
        Assert.Equal(4 * source.Summary.Parameters, wide.Bytes);
        Assert.Equal(wide.Bytes, 2 * narrow.Bytes);
    }

    private static TrainerOptions Options(string precision)
    {
        var configuration =
            new ConfigurationBuilder().AddInMemoryCollection(
                new Dictionary<string, string?> { ["Trainer:Backbone"] = Golden.Own("llama"), ["Trainer:Precision"] = precision }).Build();
        using var services =
            new ServiceCollection().AddFeature<TrainerOptions>(configuration, TrainerOptions.Section).BuildServiceProvider();
        return services.GetRequiredService<IOptions<TrainerOptions>>().Value;
    }
}
