namespace ILoRA.Streaming.Local.CommandLine;

/// <summary>The exit codes of the local host.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>Bad usage or a bad input file; one line on standard error says what and where.</summary>
    public const int BadInput = 2;

    public const int Interrupted = 130;
}
