using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Backbones;

/// <summary><c>ilora backbone</c></summary>
internal static class BackboneCommand
{
    public static Command Create() =>
        new("backbone",
            "The frozen language model: what it is, and as a folder that other tools open") { BackboneShow.Create(),
                BackboneConvert.Create() };
}
