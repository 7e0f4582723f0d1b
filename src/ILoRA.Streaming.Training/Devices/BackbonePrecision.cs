using System.Runtime.Intrinsics.X86;
using ILoRA.Streaming.Model.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>
/// Chooses the floating-point type that a frozen backbone computes in, from the setting, the model's size and the hardware.
/// </summary>
public static class BackbonePrecision
{
    public const string Auto = "auto";

    /// <summary>From this number of parameters on, <c>auto</c> takes bfloat16 on every device, because it halves the memory.</summary>
    public const long Large = 1_000_000_000;

    /// <summary>The rule of <c>auto</c> in words, for the help of command-line options.</summary>
    public const string Rule = "bfloat16 on CUDA, on CPUs with AMX, and from 1 billion parameters on; else float32";

    // CPUID leaf 7, subleaf 0, EDX: AMX-BF16 and AMX-TILE.
    private const int Amx = 1 << 22 | 1 << 24;

    /// <summary>The names that <see cref="Choose"/> accepts.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, "float32", "bfloat16"];

    /// <summary>
    /// Whether this CPU multiplies bfloat16 matrices in hardware (AMX). The vector instructions AVX512_BF16 do not count: LibTorch is
    /// slower with them than in float32.
    /// </summary>
    public static bool HasMatrixUnits { get; } =
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Edx & Amx) == Amx;

    /// <summary>The type for a setting.</summary>
    /// <param name="wanted">One of <see cref="Names"/>, upper or lower case.</param>
    /// <param name="backbone">The backbone; its number of parameters decides for <c>auto</c>.</param>
    /// <param name="device">The device that the backbone runs on.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static ScalarType Choose(string wanted, BackboneSummary backbone, DeviceType device) => wanted.ToLowerInvariant() switch
    {
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        Auto => Of(backbone.Parameters, device, HasMatrixUnits),
        _ => throw new ArgumentException($"Unknown precision '{wanted}': use {string.Join(", ", Names)}.", nameof(wanted)),
    };

    /// <summary>
    /// The type for <c>auto</c>. Measured on SmolLM2-135M: on a Xeon without AMX, float32 trained 1.8 times as fast as bfloat16; on one
    /// with AMX, bfloat16 trained 2.3 times as fast as float32.
    /// </summary>
    /// <param name="parameters">The backbone's number of parameters.</param>
    /// <param name="device">The device that it runs on.</param>
    /// <param name="matrixUnits">Whether the CPU has bfloat16 matrix units.</param>
    public static ScalarType Of(long parameters, DeviceType device, bool matrixUnits) =>
        device == DeviceType.CUDA || matrixUnits || parameters >= Large ? ScalarType.BFloat16 : ScalarType.Float32;
}
