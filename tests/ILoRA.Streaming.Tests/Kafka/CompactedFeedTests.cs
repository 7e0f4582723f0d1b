using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class CompactedFeedTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly FakeLogCollector logs = new();
    private readonly TopicProbe probe = new(servers.Bootstrap);
    private readonly KafkaOptions options = new() { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Topic => options.Topics.Items;

    /// <summary>The other partition is empty: its end, which may come first, is not the topic's.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_whole_topic_is_applied_in_order_before_it_is_caught_up(int partition)
    {
        options.Namespace = new($"full{partition}.");
        servers.Kafka.CreateTopic(Topic, 2);
        string[] values = ["1", "2", "3"];
        foreach (var value in values)
            await probe.SendRawAsync(Topic, "key", Encoding.UTF8.GetBytes(value), partition: partition);
        using var last = new SemaphoreSlim(0);
        using var feed = Feed(onApply: applied => { if (applied == values.Length) last.Wait(Cancel); });
        await feed.StartAsync(Cancel);
        await Eventually.Holds("the last record is being applied", () => feed.Values.Length == values.Length);
        Assert.False(feed.CaughtUp.IsCompleted);

        last.Release();

        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.Equal(values, feed.Values);
    }

    [Fact]
    public async Task A_feed_that_is_stopped_before_a_broker_answers_has_not_failed()
    {
        options.Bootstrap = "127.0.0.1:1";
        using var feed = Feed();
        await feed.StartAsync(Cancel);
        await Eventually.Holds("it waits for the topic",
            () => logs.GetSnapshot().Any(record => record.Message.Contains(Topic, StringComparison.Ordinal)));

        await feed.StopAsync(Cancel);

        await feed.ExecuteTask!.WaitAsync(Patience, Cancel);
        Assert.True(feed.CaughtUp.IsCanceled);
    }

    [Fact]
    public async Task A_feed_that_has_caught_up_follows_and_tells_of_each_record()
    {
        using var feed = Feed();
        await feed.StartAsync(Cancel);
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        foreach (var value in new[] { "1", "2" })
        {
            var change = feed.NextChange;
            Assert.False(change.IsCompleted);
            await SendAsync(value);
            await change.WaitAsync(Patience, Cancel);
        }

        Assert.Equal(["1", "2"], feed.Values);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_logged_and_skipped_and_is_no_change()
    {
        using var feed = Feed();
        await feed.StartAsync(Cancel);
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        var change = feed.NextChange;

        var poison = await SendAsync("poison");
        await Eventually.Holds("the skipped record is logged", () => Skips().Length == 1);
        Assert.False(change.IsCompleted);
        await SendAsync("after");
        await change.WaitAsync(Patience, Cancel);

        Assert.Equal([$"Skipped {Topic}-{poison.Partition.Value}@{poison.Offset.Value}: it is poison"], Skips());
        Assert.Equal(["after"], feed.Values);
    }

    [Fact]
    public async Task Poison_at_the_end_of_the_topic_does_not_keep_it_from_being_caught_up()
    {
        await SendAsync("1");
        await SendAsync("poison");
        using var feed = Feed();
        await feed.StartAsync(Cancel);

        await feed.CaughtUp.WaitAsync(Patience, Cancel);

        Assert.Equal(["1"], feed.Values);
        Assert.Single(Skips());
    }

    [Fact]
    public async Task What_is_thrown_while_applying_ends_the_feed_with_that_exception()
    {
        await SendAsync("1");
        using var feed = Feed(onApply: _ => throw new InvalidOperationException("a fault in the program"));
        await feed.StartAsync(Cancel);

        Assert.Equal("a fault in the program",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => feed.ExecuteTask!.WaitAsync(Patience, Cancel))).Message);
        Assert.True(feed.CaughtUp.IsCanceled);
    }

    [Fact]
    public async Task A_topic_that_is_missing_is_waited_for_and_read_once_it_is_there()
    {
        options.Namespace = new("later.");
        using var feed = Feed();
        await feed.StartAsync(Cancel);
        await WaitsAsync();
        Assert.False(feed.CaughtUp.IsCompleted);

        servers.Kafka.CreateTopic(Topic, 1);
        await SendAsync("1");

        await Eventually.Holds("the record is applied", () => feed.Values is ["1"]);
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.Single(Logged("is not there yet"));
    }

    [Fact]
    public async Task Stopping_ends_a_feed_that_waits_for_its_topic_and_those_who_wait_for_it()
    {
        options.Namespace = new("never.");
        using var feed = Feed();
        await feed.StartAsync(Cancel);
        await WaitsAsync();

        await feed.StopAsync(Cancel).WaitAsync(Patience, Cancel);

        Assert.True(feed.ExecuteTask!.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => feed.CaughtUp.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task Brokers_that_go_and_come_back_do_not_end_it()
    {
        using var brokers = new EmbeddedKafka();
        options.Bootstrap = brokers.Bootstrap;
        options.Client["reconnect.backoff.max.ms"] = "200";
        brokers.CreateTopic(Topic, 1);
        var dependencies = SilentDependencies.Create();
        using var feed = Feed(dependencies: dependencies);
        await feed.StartAsync(Cancel);
        await feed.CaughtUp.WaitAsync(Patience, Cancel);

        brokers.SetDown();
        await Eventually.Holds("the outage is noticed", () => dependencies.Kafka.Unreachable is not null);
        brokers.SetUp();
        using (var back = new TopicProbe(brokers.Bootstrap))
            await back.SendRawAsync(Topic, "key", "1"u8.ToArray());

        await Eventually.Holds("the record is applied", () => feed.Values is ["1"]);
    }

    [Fact]
    public async Task Disposal_ends_its_thread_without_a_stop_before_it()
    {
        using var feed = Feed();
        await feed.StartAsync(Cancel);
        await feed.CaughtUp.WaitAsync(Patience, Cancel);

        feed.Dispose();

        Assert.True(feed.ExecuteTask!.IsCompletedSuccessfully);
    }

    public void Dispose() => probe.Dispose();

    private Task<DeliveryResult<byte[], byte[]>> SendAsync(string value) =>
        probe.SendRawAsync(Topic, "key", Encoding.UTF8.GetBytes(value), partition: 0);

    private Task WaitsAsync() => Eventually.Holds("the feed waits", () => Logged("is not there yet").Length > 0);

    private string[] Skips() => [.. logs.GetSnapshot().Where(record => record.Level == LogLevel.Warning).Select(record => record.Message)];

    private string[] Logged(string part) =>
        [.. logs.GetSnapshot().Select(record => record.Message).Where(message => message.Contains(part, StringComparison.Ordinal))];

    private ValueFeed Feed(Action<int>? onApply = null, Dependencies? dependencies = null) =>
        new(options, Topic, dependencies ?? SilentDependencies.Create(), new FakeLogger<ValueFeed>(logs), onApply ?? (_ => { }));

    /// <summary>Gathers the values of a topic; "poison" is one that it cannot read.</summary>
    private sealed class ValueFeed(KafkaOptions options, string topic, Dependencies dependencies, ILogger logger, Action<int> onApply)
        : CompactedFeed(options, topic, dependencies, logger)
    {
        private string[] values = [];

        public string[] Values => Volatile.Read(ref values);

        protected override void Apply(ConsumeResult<byte[], byte[]> record)
        {
            var value = Encoding.UTF8.GetString(record.Message.Value);
            if (value == "poison")
                throw new PoisonException("it is poison");
            Volatile.Write(ref values, [.. values, value]);
            onApply(values.Length);
        }
    }
}
