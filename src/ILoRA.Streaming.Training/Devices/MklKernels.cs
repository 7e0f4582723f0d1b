using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ILoRA.Streaming.Training.Devices;

/// <summary>
/// Which kernels MKL, LibTorch's library for matrices, may choose from. On CPUs that are not Intel's it chooses by where in memory a matrix happens to lie, so the same step of
/// training ends in other last bits from run to run, and a resumed fit would not end in the bytes of one that never stopped. MKL reads the choice once, from the environment.
/// </summary>
public static partial class MklKernels
{
    /// <summary>MKL's variable for conditional numerical reproducibility.</summary>
    public const string Variable = "MKL_CBWR";

    /// <summary>What this machine needs in <see cref="Variable"/>; null where runs are equal without it.</summary>
    public static string? Needed { get; } = X86Base.IsSupported ? For(Vendor(), Avx2.IsSupported) : null;

    /// <summary>
    /// AVX2 costs nothing measurable on an AMD EPYC: MKL takes its automatic choice there, without the dependence on memory. COMPATIBLE, which every CPU has, takes 40 % of the
    /// trainer's speed. On Intel CPUs runs were equal as they are.
    /// </summary>
    /// <param name="vendor">As CPUID leaf 0 names it.</param>
    /// <param name="avx2">Whether the CPU has AVX2.</param>
    public static string? For(string vendor, bool avx2) => vendor == "GenuineIntel" ? null : avx2 ? "AVX2" : "COMPATIBLE";

    /// <summary>
    /// Sets the variable, unless the user has set it (to nothing, too: MKL then goes by memory again). To be called before there are threads and before LibTorch is loaded: setenv
    /// is not safe beside a reader, and .NET's own <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not reach native code.
    /// </summary>
    public static void Fix()
    {
        if (OperatingSystem.IsLinux() && Needed is { } value && SetVariable(Variable, value, overwrite: 0) != 0)
            throw new InvalidOperationException($"{Variable}={value} could not be set (error {Marshal.GetLastPInvokeError()}); set it in the environment of the process.");
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
