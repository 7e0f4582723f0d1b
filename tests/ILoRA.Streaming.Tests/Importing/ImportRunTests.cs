using ILoRA.Streaming.Importing;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class ImportRunTests
{
    private readonly List<long> sent = [];
    private readonly List<long> kept = [];
    private readonly Progress<long> ignored = new();

    [Fact]
    public async Task Keeps_the_last_line_once_all_is_delivered()
    {
        Assert.Equal(3, await Run(0, Send, [1, 2, 3], TestContext.Current.CancellationToken));
        Assert.Equal([3], kept);
    }

    [Fact]
    public async Task Begins_after_the_kept_line()
    {
        Assert.Equal(1, await Run(2, Send, [1, 2, 3], TestContext.Current.CancellationToken));
        Assert.Equal([3], sent);
    }

    [Fact]
    public async Task Keeps_a_position_for_every_batch()
    {
        await Run(0, Send, Enumerable.Range(1, 12_000).Select(line => (long)line), TestContext.Current.CancellationToken);
        Assert.Equal([5000, 10_000, 12_000], kept);
    }

    [Fact]
    public async Task Keeps_nothing_of_a_batch_that_failed()
    {
        await Assert.ThrowsAsync<IOException>(
            () => Run(0, line => line == 3 ? Task.FromException(new IOException("down")) : Send(line), [1, 2, 3],
                TestContext.Current.CancellationToken));
        Assert.Empty(kept);
    }

    [Fact]
    public async Task Interrupted_it_keeps_what_was_sent_and_says_so()
    {
        using var interrupt = new CancellationTokenSource();
        Task SendThenInterrupt(long line)
        {
            if (line == 2)
                interrupt.Cancel();
            return Send(line);
        }
        await Assert.ThrowsAsync<OperationCanceledException>(() => Run(0, SendThenInterrupt, [1, 2, 3], interrupt.Token));
        Assert.Equal([2], kept);
    }

    private Task Send(long line)
    {
        sent.Add(line);
        return Task.CompletedTask;
    }

    private Task Keep(long line)
    {
        kept.Add(line);
        return Task.CompletedTask;
    }

    private Task<long> Run(long position, Func<long, Task> send, IEnumerable<long> lines, CancellationToken cancellation)
        => new ImportRun<long>(position, send, Keep) { Clock = TimeProvider.System }.RunAsync(lines, line => line, ignored, cancellation);
}
