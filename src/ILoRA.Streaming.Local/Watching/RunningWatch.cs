namespace ILoRA.Streaming.Local.Watching;

/// <summary>
/// A watch with the thread that feeds it. The thread has ended when this is disposed, so the reader may be disposed after it.
/// </summary>
internal sealed class RunningWatch : IAsyncDisposable
{
    private readonly StreamWatch watch;
    private readonly TopicTail reader;
    private readonly CancellationTokenSource ended = new();
    private readonly Task reading;

    public RunningWatch(StreamWatch watch, TopicTail reader)
    {
        (this.watch, this.reader) = (watch, reader);
        reading =
            Task.Factory.StartNew(() => Read(ended.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Reads what is still under way and judges the rest.</summary>
    public async Task EndAsync()
    {
        await ended.CancelAsync();
        await reading;
        while (reader.Poll() is { Count: > 0 } rest)
            watch.Observe(rest);
        watch.Finish();
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        // Where it failed and nobody asked for the end, another failure is on its way up.
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private void Read(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            watch.Observe(reader.Poll());
    }
}
