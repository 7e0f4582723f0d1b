namespace ILoRA.Streaming.Local.Watching;

/// <summary>A watch with the thread that feeds it. The thread has ended when this is disposed, so the reader may be disposed after it.</summary>
internal sealed class RunningWatch : IAsyncDisposable
{
    private readonly StreamWatch _watch;
    private readonly TopicReader _reader;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    public RunningWatch(StreamWatch watch, TopicReader reader)
    {
        (_watch, _reader) = (watch, reader);
        _reading = Task.Factory.StartNew(() => Read(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Reads what is still under way and judges the rest.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        while (_reader.Poll() is { Count: > 0 } rest)
            _watch.Observe(rest);
        _watch.Finish();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Where it failed and nobody asked for the end, another failure is on its way up.
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Read(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            _watch.Observe(_reader.Poll());
    }
}
