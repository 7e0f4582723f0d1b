using Spectre.Console;

namespace ILoRA.Streaming.Cli.Reporting;

/// <summary>Spectre consoles on a given writer.</summary>
internal static class Terminal
{
    /// <summary>A pipe has no width: wide enough that no table is folded.</summary>
    private const int PipeWidth = 1000;

    public static IAnsiConsole On(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = PipeWidth;
        return console;
    }
}
