using System.Globalization;

namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>
/// Measures the peak memory of the process from its construction on, including native memory and mapped pages. Supported on Linux only;
/// elsewhere the growth is 0.
/// </summary>
internal sealed class PeakMemory
{
    private const string Status = "/proc/self/status";

    private readonly long start;

    public PeakMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // proc(5): writing 5 resets the peak to the current size.
        using (var file = new FileStream("/proc/self/clear_refs", FileMode.Open, FileAccess.Write))
            file.Write("5"u8);
        start = Bytes("VmRSS:");
    }

    /// <summary>The peak size minus the size at the start, in bytes.</summary>
    public long Growth => OperatingSystem.IsLinux() ? Bytes("VmHWM:") - start : 0;

    /// <summary>The current size minus the size at the start, in bytes.</summary>
    public long Held => OperatingSystem.IsLinux() ? Bytes("VmRSS:") - start : 0;

    private static long Bytes(string name)
    {
        var line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..^" kB".Length], CultureInfo.InvariantCulture);
    }
}
