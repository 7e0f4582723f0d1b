using Confluent.Kafka;
using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class BatchConsumerTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IDisposable
{
    private readonly TopicProbe probe = new(servers.Bootstrap);
    private readonly KafkaOptions options =
        new() { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()), MaxBatch = 1, MaxInFlight = 2 };

    [Fact]
    public async Task Batches_begin_in_order_and_no_more_than_allowed_are_unfinished()
    {
        await SendAsync("1", "2", "3", "4", "5");
        using var consumer = new ConsumerUnderTest(options).Start();
        var batches = await consumer.BegunAsync(2);
        await consumer.TurnsAsync();
        Assert.Equal(["1", "2"], consumer.Begun);

        // A later one that has finished still waits for its turn to be committed, and so counts.
        batches[1].Finish();
        await consumer.TurnsAsync();
        Assert.Equal(["1", "2"], consumer.Begun);

        batches[0].Finish();
        await consumer.BegunAsync(4);
        await consumer.TurnsAsync();
        Assert.Equal(["1", "2", "3", "4"], consumer.Begun);
        Assert.Equal(2,
            await Eventually.Value("what has finished is committed", () => Task.FromResult(consumer.Committed()), offset => offset > 0));
    }

    [Fact]
    public async Task A_batch_holds_what_is_there_up_to_its_size()
    {
        await SendAsync("1", "2", "3", "4", "5");
        (options.MaxBatch, options.MaxWait) = (2, TimeSpan.FromSeconds(2));
        using var consumer = new ConsumerUnderTest(options, _ => Task.CompletedTask).Start();

        await consumer.BegunAsync(3);

        Assert.Equal(["1 2", "3 4", "5"], consumer.Begun);
    }

    [Fact]
    public async Task A_stopped_run_finishes_and_commits_what_it_holds_and_takes_no_more()
    {
        await SendAsync("1", "2", "3");
        using var consumer = new ConsumerUnderTest(options).Start();
        var batches = await consumer.BegunAsync(2);

        consumer.Stop();
        batches[1].Finish();
        Assert.All(batches, batch => Assert.False(batch.Abort.IsCancellationRequested));
        batches[0].Finish();
        await consumer.EndAsync();

        Assert.Equal(["1", "2"], consumer.Begun);
        Assert.Equal(2, consumer.Committed());
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_with_the_failure_of_a_batch_that_it_held()
    {
        await SendAsync("1", "2");
        using var consumer = new ConsumerUnderTest(options).Start();
        var batches = await consumer.BegunAsync(2);

        consumer.Stop();
        batches[0].Finish();
        batches[1].Fail(new InvalidOperationException("second"));

        Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(consumer.EndAsync)).Message);
        Assert.Equal(1, consumer.Committed());
    }

    [Fact]
    public async Task A_run_goes_on_at_the_committed_offset_or_where_it_is_told_to()
    {
        await SendAsync("1");
        using (var first = new ConsumerUnderTest(options, _ => Task.CompletedTask).Start())
            await first.BegunAsync(1);
        await SendAsync("2");
        using (var second = new ConsumerUnderTest(options, _ => Task.CompletedTask).Start())
        {
            await second.BegunAsync(1);
            Assert.Equal("2", second.Begun[0]);
        }
        using var told =
            new ConsumerUnderTest(options,
                startAt: (_, partitions) => partitions.Select(partition => new TopicPartitionOffset(partition, 0))).Start();
        await told.BegunAsync(1);
        Assert.Equal("1", told.Begun[0]);
    }

    [Fact]
    public async Task A_partition_goes_to_its_next_owner_when_what_is_in_flight_is_committed()
    {
        await SendAsync("1");
        await SendAsync(1, "2");
        using var first = new ConsumerUnderTest(options).Start();
        var held = await first.BegunAsync(2);
        using var second = new ConsumerUnderTest(options, _ => Task.CompletedTask).Start();
        // The batches end when the first consumer has been asked for a partition and waits for them.
        await first.StandsStillAsync();
        Assert.Empty(second.Begun);
        foreach (var batch in held)
            batch.Finish();
        await second.LoggedAsync($"{options.Topics.Clicks} [[");

        await SendAsync("3");
        await SendAsync(1, "4");
        await second.BegunAsync(1);
        await first.BegunAsync(3);

        // Delivery is at least once: a commit that the group refuses at that moment brings a record again.
        Assert.Equal(["1", "2", "3", "4"], first.Begun.Concat(second.Begun).Distinct().Order());
    }

    [Fact]
    public async Task A_lost_partitions_batch_is_not_committed_and_done_again()
    {
        using var brokers = new EmbeddedKafka();
        (options.Bootstrap, options.SessionTimeout) = (brokers.Bootstrap, TimeSpan.FromSeconds(1));
        options.Client["reconnect.backoff.max.ms"] = "200";
        brokers.CreateTopic(options.Topics.Clicks, 1);
        using (var lost = new TopicProbe(brokers.Bootstrap))
            await lost.SendRawAsync(options.Topics.Clicks, "u", "1"u8.ToArray());
        using var consumer = new ConsumerUnderTest(options).Start();
        var batches = await consumer.BegunAsync(1);

        brokers.SetDown();
        await consumer.LoggedAsync(" lost ");
        batches[0].Finish();
        await consumer.TurnsAsync();
        brokers.SetUp();

        batches = await consumer.BegunAsync(2);
        Assert.Equal(["1", "1"], consumer.Begun);
        Assert.Equal(0, consumer.Committed());
        batches[1].Finish();
        await Eventually.Holds("the repetition is committed", () => consumer.Committed() == 1);
    }

    [Fact]
    public async Task A_batch_that_waits_long_pauses_the_partitions_and_its_end_resumes_them()
    {
        options.MaxInFlight = 1;
        await SendAsync("1", "2");
        using var consumer = new ConsumerUnderTest(options).Start();
        var batches = await consumer.BegunAsync(1);
        await consumer.LoggedAsync(" paused its partitions");
        await consumer.TurnsAsync();
        Assert.Equal(["1"], consumer.Begun);

        batches[0].Finish();

        batches = await consumer.BegunAsync(2);
        Assert.Equal(["1", "2"], consumer.Begun);
        batches[1].Finish();
        await consumer.LoggedAsync(" resumed its partitions");
        await Eventually.Holds("both are committed", () => consumer.Committed() == 2);
    }

    private Task SendAsync(params string[] values) => SendAsync(0, values);

    private async Task SendAsync(int partition, params string[] values)
    {
        foreach (var value in values)
            await probe.SendRawAsync(options.Topics.Clicks, "u", System.Text.Encoding.UTF8.GetBytes(value), partition: partition);
    }

    public void Dispose() => probe.Dispose();
}
