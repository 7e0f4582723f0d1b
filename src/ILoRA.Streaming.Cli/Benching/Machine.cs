using System.Runtime.InteropServices;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>Where a figure was measured.</summary>
internal sealed record Machine(string Cpu, int Cores, double MemoryGb, string Os, string Dotnet)
{
    private const string CpuInfo = "/proc/cpuinfo";
    private const string LoadAverage = "/proc/loadavg";

    public static Machine Current { get; } = new(
        ModelName(), Environment.ProcessorCount, Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);

    /// <summary>
    /// Processes that wanted a core over the last minute, before the bench began: above the cores, others were at work too.
    /// </summary>
    public double? LoadBefore { get; } =
        File.Exists(LoadAverage) && double.TryParse(File.ReadAllText(LoadAverage).Split(' ')[0], out var load) ? load : null;

    private static string ModelName()
    {
        var line =
            File.Exists(CpuInfo)
                ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
