using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary><c>--version</c> on every command.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public static string Current { get; } =
        typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Current);
        return ExitCode.Done;
    }

    public static Option<bool> Option() => new("--version") { Description = "Print the version", Recursive = true, Action = new VersionLine(), Arity = ArgumentArity.Zero };
}
