using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.DeadLetters;

/// <summary><c>ilora dead-letters</c></summary>
internal static class DeadLettersCommand
{
    public static Command Create() =>
        new("dead-letters",
            "See records that workers put aside, and send them again") { DeadLettersList.Create(), DeadLettersRedrive.Create() };
}
