using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Tests.Model.Hostile;

[Collection(ProcessMemoryCollection.Name)]
public sealed class PeakMemoryTests
{
    private const int Page = 1 << 20;
    private const int Pages = 300;

    [Fact]
    public void Native_memory_that_was_used_and_freed_is_measured()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the peak is measured on Linux only");
        var pattern = new byte[Page];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var peak = new PeakMemory();
        var memory = Marshal.AllocHGlobal(Pages * Page);
        for (var page = 0; page < Pages; page++)
            Marshal.Copy(pattern, 0, memory + page * Page, Page);
        Marshal.FreeHGlobal(memory);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(peak.Growth, MutatedFileTests.MaxGrowth, 2L * Pages * Page);
        Assert.InRange(allocated, 0, Page);
        Assert.True(new PeakMemory().Growth < MutatedFileTests.MaxGrowth);
    }
}
