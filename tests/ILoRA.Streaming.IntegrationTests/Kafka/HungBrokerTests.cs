using Confluent.Kafka;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.IntegrationTests.Kafka;

/// <summary>A broker whose process is stopped: its connections are open and nothing is answered.</summary>
public sealed class HungBrokerTests : IDisposable
{
    // A stop takes 15 s or less; without its limits the client's own, of a minute and more, decide.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(50);

    private readonly EmbeddedServers servers = new();

    [Fact]
    public async Task A_consumer_ends_without_the_deliveries_and_commits_nothing_of_them()
    {
        var options = new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()) };
        var topics = options.Topics;
        using var producer = new EventProducer(Options.Create(options), SilentDependencies.Create(), NullLogger<EventProducer>.Instance);
        using var probe = new TopicProbe(servers.Bootstrap);
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var givenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var health = new WorkerHealth(TimeProvider.System, SilentDependencies.Create());
        var consumer = new BatchConsumer(options, "hung", [topics.Clicks], HandleAsync, health, NullLogger<BatchConsumer>.Instance);
        var click = await probe.SendRawAsync(topics.Clicks, "a", "1"u8.ToArray());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = consumer.RunAsync(stop.Token);
        await sent.Task.WaitAsync(Limit, stop.Token);

        await stop.CancelAsync();
        await running.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.True(givenUp.Task.IsCompletedSuccessfully);
        servers.Kafka.SetAnswering();
        Assert.Equal(Offset.Unset, Committed(options.Consumer("hung"), click.TopicPartition));

        async Task HandleAsync(ConsumedBatch batch, CancellationToken abort)
        {
            servers.Kafka.SetHung();
            var deliveries = new DeliveryBatch();
            var header = new EventHeader("1", "test", DateTimeOffset.UnixEpoch);
            producer.Send(deliveries, topics.Sequences, "a"u8.ToArray(), "1"u8.ToArray(), header);
            sent.SetResult();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deliveries.CompleteAsync(abort));
            givenUp.SetResult();
        }
    }

    [Fact]
    public async Task A_worker_stops_and_its_offsets_stay_where_they_were()
    {
        var options = new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()) };
        using var probe = new TopicProbe(servers.Bootstrap);
        var ingest = await IngestHost.StartAsync(servers.Bootstrap, servers.Redis, options.Namespace.Value);
        var click = await probe.SendRawAsync(options.Topics.Clicks, "u", """{"user":"u","item":"i","time":1700000000}"""u8.ToArray());
        var group = options.Consumer("ingest");
        await Eventually.Holds("the click is committed", () => Committed(group, click.TopicPartition) == click.Offset + 1);

        servers.Kafka.SetHung();
        await ingest.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

        servers.Kafka.SetAnswering();
        Assert.Equal(click.Offset + 1, Committed(group, click.TopicPartition));
        Assert.Single(probe.Records(options.Topics.Sequences));
    }

    public void Dispose() => servers.Dispose();

    private static Offset Committed(ConsumerConfig group, TopicPartition partition)
    {
        using var reader = new ConsumerBuilder<byte[], byte[]>(group).Build();
        return Assert.Single(reader.Committed([partition], TimeSpan.FromSeconds(30))).Offset;
    }
}
