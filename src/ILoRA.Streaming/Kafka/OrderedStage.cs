namespace ILoRA.Streaming.Kafka;

/// <summary>
/// One step in the handling of batches: it runs for one batch after the other, in the order in which they were given, while the other
/// steps run for other batches. Where it fails for one batch it never runs for a later one, so that nothing after the failure is committed.
/// To be called by one thread at a time, as <see cref="BatchConsumer"/> calls its handler.
/// </summary>
public sealed class OrderedStage
{
    private Task last = Task.CompletedTask;

    /// <summary>Runs <paramref name="work"/> after that of the call before, never on the caller's thread.</summary>
    /// <param name="work">May await the result of an earlier stage.</param>
    /// <param name="cancel">Work that has not begun by then does not run.</param>
    /// <returns>The end of the work with its result or exception; where an earlier call failed, with the exception of the first.</returns>
    public Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        var run = AfterAsync(last, work, cancel);
        last = run;
        return run;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<Task> work, CancellationToken cancel) => RunAsync(
        async () =>
        {
            await work();
            return true;
        },
        cancel);

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> work, CancellationToken cancel)
    {
        // The caller polls the brokers: work that does not await anything would hold it up.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        cancel.ThrowIfCancellationRequested();
        return await work();
    }
}
