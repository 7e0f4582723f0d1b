using System.CommandLine;

namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>A command whose help ends with examples, one command line each.</summary>
internal sealed class DocumentedCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
