using System.Globalization;

namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>The most memory that the process held since this was made, native and mapped pages included, which the collector's counts leave out. Linux alone tells it; elsewhere the growth is 0.</summary>
internal sealed class PeakMemory
{
    private const string Status = "/proc/self/status";

    private readonly long start;

    public PeakMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // proc(5): 5 sets the peak back to what is held now.
        using (var file = new FileStream("/proc/self/clear_refs", FileMode.Open, FileAccess.Write))
            file.Write("5"u8);
        start = Bytes("VmRSS:");
    }

    /// <summary>Bytes above what was held at the start.</summary>
    public long Growth => OperatingSystem.IsLinux() ? Bytes("VmHWM:") - start : 0;

    /// <summary>Bytes held now above that.</summary>
    public long Held => OperatingSystem.IsLinux() ? Bytes("VmRSS:") - start : 0;

    private static long Bytes(string name)
    {
        var line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..^" kB".Length], CultureInfo.InvariantCulture);
    }
}
