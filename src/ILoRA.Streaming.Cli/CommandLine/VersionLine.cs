using System.CommandLine;
using System.CommandLine.Invocation;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Lifetime;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary><c>--version</c> on every command.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(HostFlags.Version);
        return ExitCode.Done;
    }

    public static Option<bool> Option() => new("--version") { Description = "Print the version", Recursive = true, Action = new VersionLine(), Arity = ArgumentArity.Zero };
}
