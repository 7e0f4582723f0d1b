using System.Runtime.InteropServices;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>The test process sets up LibTorch in the same way as the hosts do.</summary>
public sealed class MklKernelsTests
{
    /// <summary>The value in the environment that this process was started with.</summary>
    private static readonly string? Given = File.ReadAllText("/proc/self/environ").Split('\0')
        .Where(entry => entry.StartsWith($"{MklKernels.Variable}=", StringComparison.Ordinal))
        .Select(entry => entry[(MklKernels.Variable.Length + 1)..]).FirstOrDefault();

    [Theory]
    [InlineData("GenuineIntel", true, null)]
    [InlineData("GenuineIntel", false, null)]
    [InlineData("AuthenticAMD", true, "AVX2")]
    [InlineData("AuthenticAMD", false, "COMPATIBLE")]
    [InlineData("HygonGenuine", true, "AVX2")]
    public void CPUs_of_other_vendors_than_Intel_need_a_fixed_choice_of_kernels(string vendor, bool avx2, string? value) =>
        Assert.Equal(value, MklKernels.For(vendor, avx2));

    [Fact]
    public void Native_code_sees_the_value_for_this_CPU_unless_the_user_has_set_one() =>
        Assert.Equal(Given ?? MklKernels.Needed, Native(MklKernels.Variable));

    [Fact]
    public void A_value_that_is_already_set_is_kept()
    {
        var before = Native(MklKernels.Variable);
        MklKernels.Fix();
        Assert.Equal(before, Native(MklKernels.Variable));
    }

    [Theory]
    [InlineData(5, 64, 64)]
    [InlineData(33, 64, 3)]
    [InlineData(7, 13, 9)]
    [InlineData(128, 64, 176)]
    public void A_matrix_product_is_bitwise_equal_for_every_memory_alignment(int rows, int inner, int columns)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Native(MklKernels.Variable)),
            $"{MklKernels.Variable} is not set: not needed on this CPU, or cleared by the user.");
        using var scope = NewDisposeScope();
        var random = new Random(1);
        var (left, right) = (RandomValues.Uniform(random, rows * inner, 1), RandomValues.Uniform(random, inner * columns, 1));
        float[][] products = [.. Enumerable.Range(0, 16)
            .Select(shift => At(right, 3 * shift % 16).view(columns, inner).matmul(At(left, shift).view(rows, inner).t()).Values())];
        Assert.All(products, product => Assert.Equal(products[0], product));

        // A copy that starts so many numbers after an aligned address.
        static Tensor At(float[] values, int shift)
        {
            var place = zeros(values.Length + 16).narrow(0, shift, values.Length);
            return place.copy_(tensor(values));
        }
    }

    private static string? Native(string name) => Marshal.PtrToStringUTF8(Variable(name));

    [DllImport("libc", EntryPoint = "getenv"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint Variable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
