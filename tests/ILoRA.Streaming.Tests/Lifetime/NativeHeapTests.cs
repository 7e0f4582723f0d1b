using System.Diagnostics;
using System.Runtime.InteropServices;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Tests.Model.Hostile;

namespace ILoRA.Streaming.Tests.Lifetime;

[Collection(ProcessMemoryCollection.Name)]
public sealed class NativeHeapTests
{
    [Fact]
    public void What_was_freed_between_blocks_in_use_is_given_back()
    {
        Assert.SkipUnless(File.Exists("/lib/x86_64-linux-gnu/libc.so.6"), "There is no glibc here.");
        var blocks = Enumerable.Range(0, 4_000).Select(_ => Marshal.AllocHGlobal(64 << 10)).ToArray();
        var content = new byte[64 << 10];
        foreach (var block in blocks)
            Marshal.Copy(content, 0, block, content.Length);
        foreach (var (place, block) in blocks.Index())
            if (place % 8 > 0)
                Marshal.FreeHGlobal(block);
        var before = Resident();
        Assert.True(NativeHeap.Trim());
        Assert.True(Resident() < before - (100 << 20), $"{before >> 20} -> {Resident() >> 20} MiB");
        foreach (var (place, block) in blocks.Index())
            if (place % 8 == 0)
                Marshal.FreeHGlobal(block);

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    [Fact]
    public void The_C_library_takes_the_option_unless_its_own_variable_is_set()
    {
        Assert.SkipUnless(File.Exists("/lib/x86_64-linux-gnu/libc.so.6"), "There is no glibc here.");
        string[] variables = ["MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];
        Assert.Equal(variables.All(variable => Environment.GetEnvironmentVariable(variable) is null), NativeHeap.GiveBackFreed());
    }
}
