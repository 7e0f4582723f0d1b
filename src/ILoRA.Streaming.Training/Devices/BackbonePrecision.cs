using System.Runtime.Intrinsics.X86;
using ILoRA.Streaming.Model.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>In what numbers a frozen backbone computes: chosen once, at start, from what the user asked for, the model's size and the machine.</summary>
public static class BackbonePrecision
{
    public const string Auto = "auto";

    /// <summary>From this many parameters on, half the memory counts for more than the time.</summary>
    public const long Large = 1_000_000_000;

    /// <summary>What <c>auto</c> means, for a flag's help.</summary>
    public const string Rule = "bfloat16 on CUDA, on CPUs with AMX, and from 1 billion parameters on; else float32";

    // CPUID leaf 7, subleaf 0, EDX: AMX-BF16 and AMX-TILE.
    private const int Amx = 1 << 22 | 1 << 24;

    /// <summary>The names that <see cref="Choose"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, "float32", "bfloat16"];

    /// <summary>Whether this CPU multiplies matrices of bfloat16 in hardware (AMX). The vector instruction for it (AVX512_BF16) is not meant: LibTorch is slower with it than in float32.</summary>
    public static bool HasMatrixUnits { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Edx & Amx) == Amx;

    /// <param name="wanted">One of <see cref="Names"/>, in any case.</param>
    /// <param name="backbone">Gives the number of parameters.</param>
    /// <param name="device">Where the backbone will live.</param>
    /// <exception cref="ArgumentException">An unknown name.</exception>
    public static ScalarType Choose(string wanted, BackboneSummary backbone, DeviceType device) => wanted.ToLowerInvariant() switch
    {
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        Auto => Of(backbone.Parameters, device, HasMatrixUnits),
        _ => throw new ArgumentException($"Unknown precision '{wanted}': use {string.Join(", ", Names)}.", nameof(wanted)),
    };

    /// <summary>What <c>auto</c> takes. On a Xeon without AMX float32 trained SmolLM2-135M 1.8 times as fast as bfloat16, on one with AMX it was 2.3 times as slow.</summary>
    /// <param name="parameters">Of the backbone.</param>
    /// <param name="device">Where it will live.</param>
    /// <param name="matrixUnits">Whether the CPU has bfloat16 matrix units.</param>
    public static ScalarType Of(long parameters, DeviceType device, bool matrixUnits) =>
        device == DeviceType.CUDA || matrixUnits || parameters >= Large ? ScalarType.BFloat16 : ScalarType.Float32;
}
