namespace ILoRA.Streaming.Importing;

/// <summary>
/// Sends a file's lines in order and remembers how far it got: after each batch that was delivered whole, the number of its last line is
/// kept. A run that was cut off begins again after that line, so at most one batch is sent a second time (under the same event ids).
/// </summary>
/// <param name="Position">The last line known to be delivered, 0 for none.</param>
/// <param name="Send">Sends one line; completes when the broker has it.</param>
/// <param name="Keep">Keeps the position.</param>
public sealed record ImportRun<T>(long Position, Func<T, Task> Send, Func<long, Task> Keep)
{
    private const int BatchSize = 5000;
    private static readonly TimeSpan MaxBatchAge = TimeSpan.FromSeconds(1);

    public required TimeProvider Clock { get; init; }

    /// <summary>Waits before a line is sent; null sends as fast as the broker takes them.</summary>
    public Func<T, TimeSpan>? Until { get; init; }

    /// <returns>How many lines were sent.</returns>
    public async Task<long> RunAsync(IEnumerable<T> lines, Func<T, long> lineOf, IProgress<long> progress, CancellationToken cancellation)
    {
        var batch = new List<Task>(BatchSize);
        var (sent, last, since) = (0L, Position, Clock.GetTimestamp());
        foreach (var line in lines.Where(line => lineOf(line) > Position))
        {
            if (cancellation.IsCancellationRequested)
                break;
            if (batch.Count >= BatchSize || (batch.Count > 0 && Until is not null && Clock.GetElapsedTime(since) > MaxBatchAge))
            {
                await DeliverAsync(batch, last);
                since = Clock.GetTimestamp();
            }
            if (Until?.Invoke(line) is { } wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, Clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
                break;
            batch.Add(Send(line));
            last = lineOf(line);
            progress.Report(++sent);
        }
        await DeliverAsync(batch, last);
        cancellation.ThrowIfCancellationRequested();
        return sent;
    }

    private async Task DeliverAsync(List<Task> batch, long last)
    {
        if (batch.Count == 0)
            return;
        await Task.WhenAll(batch);
        batch.Clear();
        await Keep(last);
    }
}
