using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Topics;

/// <summary><c>ilora topics</c></summary>
internal static class TopicsCommand
{
    public static Command Create() =>
        new("topics", "Create the stream's topics, and check them") { TopicsCreate.Create(), TopicsCheck.Create() };
}
