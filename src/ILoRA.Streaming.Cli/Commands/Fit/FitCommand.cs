using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary><c>ilora fit</c></summary>
internal static class FitCommand
{
    public static Command Create() =>
        new("fit",
            "Fit the models offline: all that a shop needs, or one after the other backbone (from titles), encoder, "
            + "adapter") { FitAll.Create(), FitBackbone.Create(), FitEncoder.Create(), FitAdapter.Create() };
}
