using Spectre.Console;

namespace ILoRA.Streaming.Local.View;

/// <summary>Shows the figures until the run ends: a live picture on a terminal, else a line now and then.</summary>
internal sealed class Screen(TextWriter output, bool terminal, TimeProvider time)
{
    private static readonly TimeSpan Frame = TimeSpan.FromSeconds(1), Line = TimeSpan.FromSeconds(5);

    public async Task ShowAsync(Func<Figures> figures, CancellationToken stop)
    {
        if (!terminal)
        {
            await EveryAsync(Line, () => WriteLines(PlainLines.Progress(figures())), stop);
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        await console.Live(Dashboard.Draw(figures())).Overflow(VerticalOverflow.Crop).StartAsync(
            live => EveryAsync(Frame, () => live.UpdateTarget(Dashboard.Draw(figures())), stop));
    }

    public void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            output.WriteLine(line);
        output.Flush();
    }

    private async Task EveryAsync(TimeSpan period, Action show, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                show();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ended.
        }
    }
}
