namespace ILoRA.Streaming.Lifetime;

/// <summary>The exit codes of every program.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work failed, or a check did not hold.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or a bad input file; one line on standard error says what and where.</summary>
    public const int BadInput = 2;

    public const int Interrupted = 130;
}
