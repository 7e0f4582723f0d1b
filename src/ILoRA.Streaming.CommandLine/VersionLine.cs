using System.CommandLine;
using System.CommandLine.Invocation;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Lifetime;

namespace ILoRA.Streaming.CommandLine;

/// <summary><c>--version</c> on every command.</summary>
public sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(HostFlags.Version);
        return ExitCode.Done;
    }

    /// <summary>In place of the parser's own option, which prints the commit too and is on the root alone.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<VersionOption>().ToArray())
            root.Options.Remove(option);
        root.Add(new Option<bool>("--version")
        {
            Description = "Print the version",
            Recursive = true,
            Action = new VersionLine(),
            Arity = ArgumentArity.Zero,
        });
    }
}
