using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Clicks;

/// <summary><c>ilora clicks</c></summary>
internal static class ClicksCommand
{
    public static Command Create() => new("clicks", "Send clicks") { ClicksImport.Create() };
}
