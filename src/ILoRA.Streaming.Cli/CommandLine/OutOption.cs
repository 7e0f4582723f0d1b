using System.CommandLine;
using ILoRA.Streaming.CommandLine;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>The option <c>--out</c> of commands that write a folder.</summary>
internal static class OutOption
{
    /// <param name="kind">What folder it is.</param>
    public static Option<string> Folder(string kind = "folder") => new Option<string>("--out")
    {
        Description = $"The {kind} to write; made where missing",
        HelpName = "DIR",
        Required = true,
    }.AcceptWritableFolder();
}
