using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace ILoRA.Streaming.Local.CommandLine;

/// <summary><c>--version</c>: the number alone, without the build's commit.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        parseResult.InvocationConfiguration.Output.WriteLine(version ?? "0.0.0");
        return ExitCode.Done;
    }
}
