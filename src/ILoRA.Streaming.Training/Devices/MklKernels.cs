using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>
/// Restricts the kernels that MKL, LibTorch's matrix library, selects from, so that runs are reproducible. On CPUs not made by Intel the
/// selection depends on memory alignment: the same training step then gives different rounding in the last bits from run to run, and a
/// resumed fit would not reproduce an uninterrupted one. MKL reads the restriction once, from the environment.
/// </summary>
public static partial class MklKernels
{
    /// <summary>MKL's variable for conditional numerical reproducibility.</summary>
    public const string Variable = "MKL_CBWR";

    /// <summary>The value of <see cref="Variable"/> that this machine needs; null where runs are reproducible without it.</summary>
    public static string? Needed { get; } = X86Base.IsSupported ? For(Vendor(), Avx2.IsSupported) : null;

    /// <summary>
    /// The value for a CPU. AVX2 had no measurable cost on an AMD EPYC: MKL uses the same kernels as in its automatic selection, without
    /// the dependence on alignment. COMPATIBLE, which every CPU supports, makes the trainer 40 % slower. On Intel CPUs runs were equal
    /// without a value.
    /// </summary>
    /// <param name="vendor">The vendor string of CPUID leaf 0.</param>
    /// <param name="avx2">Whether the CPU has AVX2.</param>
    public static string? For(string vendor, bool avx2) => vendor == "GenuineIntel" ? null : avx2 ? "AVX2" : "COMPATIBLE";

    /// <summary>
    /// Sets the variable, unless the user has set it (an empty value counts: MKL then selects by alignment again). Call it before other
    /// threads exist and before LibTorch is loaded: setenv is not thread-safe, and .NET's
    /// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> is not visible to native code.
    /// </summary>
    public static void Fix()
    {
        if (OperatingSystem.IsLinux() && Needed is { } value && SetVariable(Variable, value, overwrite: 0) != 0)
            throw new InvalidOperationException(
                $"{Variable}={value} could not be set (error {Marshal.GetLastPInvokeError()}); set it in the environment of the process.");
    }

    private static string Vendor()
    {
        var (_, first, last, middle) = X86Base.CpuId(0, 0);
        Span<byte> name = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(name, first);
        BinaryPrimitives.WriteInt32LittleEndian(name[4..], middle);
        BinaryPrimitives.WriteInt32LittleEndian(name[8..], last);
        return System.Text.Encoding.ASCII.GetString(name);
    }

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
