using System.CommandLine;
using System.CommandLine.Invocation;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Lifetime;

namespace ILoRA.Streaming.Local.CommandLine;

/// <summary><c>--version</c>: the number alone, without the build's commit.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(HostFlags.Version);
        return ExitCode.Done;
    }
}
