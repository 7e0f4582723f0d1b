using System.CommandLine;
using ILoRA.Streaming.CommandLine;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>Options of every bench.</summary>
internal static class BenchOptions
{
    public static Option<int> Runs { get; } =
        new("--runs")
        {
            Description = "Measured runs after one to warm up; medians are reported",
            HelpName = "N",
            DefaultValueFactory = _ => 3
        };
    public static Option<int> Seed { get; } =
        new("--seed") { Description = "Where chance begins", HelpName = "S", DefaultValueFactory = _ => 1 };

    public static int PositiveRuns(ParseResult parsed)
        => parsed.GetValue(Runs) is > 0 and var runs ? runs : throw new UsageException("--runs must be positive.");
}
