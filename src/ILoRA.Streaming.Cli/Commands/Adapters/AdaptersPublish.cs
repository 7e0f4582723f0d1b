using System.CommandLine;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Cli.Commands.Adapters;

/// <summary><c>ilora adapters publish</c></summary>
internal static class AdaptersPublish
{
    private static readonly Argument<DirectoryInfo> Folder =
        new Argument<DirectoryInfo>("DIR") { Description = "What 'fit adapter' or 'adapters export' wrote" }.AcceptExistingOnly();
    private static readonly Publishing Version = new();

    public static Command Create()
    {
        var command = new DocumentedCommand("publish",
            "Store a snapshot's parts and announce it as the next version of a line. A cluster starts with one: publish what 'fit "
            + "adapter' wrote as line online",
            "ilora adapters publish adapter/ --line online --note \"fitted on June to August\"") { Folder };
        Version.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                Version.RunAsync(parsed, SnapshotFolder.Load(parsed.GetRequiredValue(Folder).FullName), cancellation));
        return command;
    }
}
