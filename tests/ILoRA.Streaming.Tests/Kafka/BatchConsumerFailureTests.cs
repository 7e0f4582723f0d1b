using Confluent.Kafka;
using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.Tests.Kafka;

/// <summary>A failure in any phase ends the run with its exception; what came before it is committed and nothing after it.</summary>
public sealed class BatchConsumerFailureTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IAsyncLifetime
{
    private readonly TopicProbe probe = new(servers.Bootstrap);
    private readonly KafkaOptions options =
        new() { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()), MaxBatch = 1, MaxInFlight = 3 };

    public async ValueTask InitializeAsync()
    {
        foreach (var value in new[] { "1", "2", "3" })
            await probe.SendRawAsync(options.Topics.Clicks, "u", System.Text.Encoding.UTF8.GetBytes(value), partition: 0);
    }

    [Fact]
    public async Task A_handler_that_fails_after_a_later_batch_has_finished_holds_that_back()
    {
        using var consumer = new ConsumerUnderTest(options).Start();
        var batches = await consumer.BegunAsync(3);
        batches[2].Finish();
        batches[0].Finish();
        await consumer.TurnsAsync();

        batches[1].Fail(new InvalidOperationException("second"));

        Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(consumer.EndAsync)).Message);
        Assert.Equal(1, consumer.Committed());
    }

    [Fact]
    public async Task A_handler_that_throws_before_it_awaits_lets_the_batches_before_it_finish()
    {
        using var consumer =
            new ConsumerUnderTest(options,
                batch => batch.Values == "2" ? throw new InvalidOperationException("second") : batch.FinishOnAbortAsync()).Start();

        Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(consumer.EndAsync)).Message);
        Assert.Equal(["1", "2"], consumer.Begun);
        Assert.Equal(1, consumer.Committed());
    }

    [Fact]
    public async Task The_first_failure_in_the_order_of_the_batches_ends_the_run()
    {
        using var consumer = new ConsumerUnderTest(options).Start();
        var batches = await consumer.BegunAsync(3);
        batches[2].Fail(new InvalidOperationException("third"));
        await consumer.TurnsAsync();
        batches[0].Finish();
        batches[1].Fail(new InvalidOperationException("second"));

        Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(consumer.EndAsync)).Message);
        Assert.Equal(1, consumer.Committed());
    }

    [Fact]
    public async Task A_delivery_that_fails_ends_the_run_and_is_not_committed()
    {
        using var lost = new EmbeddedKafka();
        lost.SetDown();
        using var producer = new EventProducer(
            new() { Bootstrap = lost.Bootstrap, RetryBudget = TimeSpan.FromSeconds(1) }, "test", SilentDependencies.Create(),
            NullLogger.Instance);
        using var consumer = new ConsumerUnderTest(options, SendAsync).Start();

        Assert.Equal(ErrorCode.Local_MsgTimedOut, (await Assert.ThrowsAsync<KafkaException>(consumer.EndAsync)).Error.Code);
        Assert.Equal(1, consumer.Committed());

        Task SendAsync(ConsumerUnderTest.Batch batch) =>
            batch.Values == "2" ? producer.ProduceAsync("sent", "u", [], new("id", "type", A.Start)) : Task.CompletedTask;
    }

    [Fact]
    public async Task A_poll_that_fails_ends_the_run_when_what_is_in_flight_has_finished()
    {
        options.Client["topic.metadata.refresh.interval.ms"] = "100";
        var third = Task.CompletedTask;
        using var consumer =
            new ConsumerUnderTest(options, batch => batch.Values == "3" ? third = batch.FinishOnAbortAsync() : Task.CompletedTask).Start();
        await consumer.BegunAsync(3);
        await Eventually.Holds("the first two are committed", () => consumer.Committed() == 2);

        servers.Kafka.Refuse(options.Topics.Clicks);

        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await Assert.ThrowsAsync<ConsumeException>(consumer.EndAsync)).Error.Code);
        Assert.True(third.IsCompletedSuccessfully);
        // The group is changing at that time, and may not take the last commit.
        Assert.InRange(consumer.Committed(), 2, 3);
    }

    [Fact]
    public async Task A_start_that_cannot_be_found_ends_the_run_before_any_batch()
    {
        using var consumer = new ConsumerUnderTest(options, startAt: (_, _) => throw new InvalidDataException("no start")).Start();

        Assert.Equal("no start", (await Assert.ThrowsAsync<InvalidDataException>(consumer.EndAsync)).Message);
        Assert.Empty(consumer.Begun);
        Assert.Equal(0, consumer.Committed());
    }

    [Fact]
    public async Task The_run_ends_only_after_the_handlers_that_it_has_aborted()
    {
        var ended = false;
        using var consumer = new ConsumerUnderTest(options, HandleAsync).Start();
        var batches = await consumer.BegunAsync(3);
        batches[0].Fail(new InvalidOperationException("first"));

        await Assert.ThrowsAsync<InvalidOperationException>(consumer.EndAsync);

        Assert.True(Volatile.Read(ref ended));
        Assert.Equal(0, consumer.Committed());

        async Task HandleAsync(ConsumerUnderTest.Batch batch)
        {
            if (batch.Values == "1")
                await batch.Ended;
            await batch.FinishOnAbortAsync();
            // What a handler still does after it was told to stop, such as waiting for deliveries.
            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            Volatile.Write(ref ended, true);
        }
    }

    public ValueTask DisposeAsync()
    {
        probe.Dispose();
        return ValueTask.CompletedTask;
    }
}
