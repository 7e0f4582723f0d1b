namespace ILoRA.Streaming.CommandLine;

/// <summary>Arguments that parse but do not go together; the message is the one line that the user sees.</summary>
public sealed class UsageException(string message) : Exception(message);
