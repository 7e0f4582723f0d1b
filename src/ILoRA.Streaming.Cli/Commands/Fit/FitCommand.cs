using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary><c>ilora fit</c></summary>
internal static class FitCommand
{
    public static Command Create() => new("fit", "Fit the models offline: backbone (from titles), encoder, adapter") { FitBackbone.Create(), FitEncoder.Create(), FitAdapter.Create() };
}
