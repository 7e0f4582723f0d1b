namespace ILoRA.Streaming.Cli.CommandLine;

/// <summary>Arguments that parse but do not go together; the message is the one line that the user sees.</summary>
internal sealed class UsageException(string message) : Exception(message);
