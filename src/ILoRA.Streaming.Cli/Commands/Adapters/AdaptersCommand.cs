using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters</c></summary>
internal static class AdaptersCommand
{
    public static Command Create() => new("adapters", "The versions that were announced: look, compare, check, export, import, publish")
    {
        AdaptersList.Create(), AdaptersShow.Create(), AdaptersDiff.Create(), AdaptersVerify.Create(), AdaptersExport.Create(),
        AdaptersImport.Create(), AdaptersPublish.Create(),
    };
}
