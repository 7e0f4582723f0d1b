using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Bench;

/// <summary><c>ilora bench</c></summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure on this machine: one JSON line each, medians of several runs")
    {
        BenchIngest.Create(), BenchServe.Create(), BenchTrain.Create(), BenchOnline.Create(), BenchRedis.Create(),
    };
}
