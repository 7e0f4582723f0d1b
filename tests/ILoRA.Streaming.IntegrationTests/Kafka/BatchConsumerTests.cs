using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ILoRA.Streaming.IntegrationTests.Kafka;

public sealed class BatchConsumerTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IDisposable
{
    private readonly TopicProbe probe = new(servers.Bootstrap);

    [Fact]
    public async Task When_a_handler_fails_the_run_ends_only_after_the_other_handlers_have()
    {
        var cancel = TestContext.Current.CancellationToken;
        var options = new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()), MaxBatch = 1, MaxInFlight = 2 };
        var topic = options.Topics.Clicks;
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (handled, ended) = (0, false);
        var consumer = new BatchConsumer(options, "failing", [topic], HandleAsync, new WorkerHealth(TimeProvider.System, SilentDependencies.Create()), NullLogger<BatchConsumer>.Instance);
        await probe.SendRawAsync(topic, "a", "1"u8.ToArray());
        await probe.SendRawAsync(topic, "a", "2"u8.ToArray());

        await Assert.ThrowsAsync<InvalidOperationException>(() => consumer.RunAsync(cancel));

        Assert.True(Volatile.Read(ref ended));

        async Task HandleAsync(ConsumedBatch batch, CancellationToken abort)
        {
            if (Interlocked.Increment(ref handled) == 1)
            {
                await second.Task;
                throw new InvalidOperationException("the first batch fails while the second is being handled");
            }
            second.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            // What a handler still does after it was told to stop, such as waiting for deliveries.
            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            Volatile.Write(ref ended, true);
        }
    }

    public void Dispose() => probe.Dispose();
}
