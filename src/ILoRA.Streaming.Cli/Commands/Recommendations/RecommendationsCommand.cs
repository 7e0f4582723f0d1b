using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Recommendations;

/// <summary><c>ilora recommendations</c></summary>
internal static class RecommendationsCommand
{
    public static Command Create() => new("recommendations", "What is recommended") { RecommendationsWatch.Create() };
}
