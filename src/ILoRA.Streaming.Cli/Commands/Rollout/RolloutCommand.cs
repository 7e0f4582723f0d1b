using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary><c>ilora rollout</c></summary>
internal static class RolloutCommand
{
    public static Command Create() =>
        new("rollout", "Which adapter lines serve which share of users") { RolloutShow.Create(), RolloutApply.Create() };
}
