using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ILoRA.Streaming.Tests.Telemetry;

public sealed class OutageLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly FakeLogCollector log = new();

    [Fact]
    public async Task Five_clients_that_lose_Kafka_are_one_line_and_one_more_when_it_is_back()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var kafka = new EmbeddedKafka();
        foreach (var topic in new Topics("").All(1))
            kafka.CreateTopic(topic.Name, topic.Partitions);
        using var redis = new EmbeddedRedis();
        await using var host = await HttpHost.StartAsync(cancel, kafka.Bootstrap, redis.Connection, builder =>
        {
            builder.Logging.AddProvider(new FakeLoggerProvider(log));
            builder.Services.AddFeed<CatalogueFeed>().AddFeed<AdapterFeed>().AddFeed<RolloutFeed>();
        });
        var producer = host.Services.GetRequiredService<EventProducer>();
        await producer.ProduceAsync(producer.Topics.DeadLetters, "k", [1], new("id", "type", A.Start), cancel);
        await host.Services.GetRequiredService<CatalogueFeed>().CaughtUp.WaitAsync(Patience, cancel);
        var dependency = host.Services.GetRequiredService<Dependencies>().Kafka;
        await Eventually.Holds("Kafka answers", () => dependency.Unreachable is null, Patience);

        kafka.SetDown();
        await Eventually.Holds("Kafka is missed", () => dependency.Unreachable is not null, Patience);
        kafka.SetUp();
        await Eventually.Holds("the end is reported", () => Lines("Kafka works again").Length > 0, Patience,
            () => string.Join('\n', Lines("Kafka")));

        Assert.Single(Lines("Kafka: "),
            line => line.EndsWith("Further errors are counted and reported once a minute.", StringComparison.Ordinal));
        Assert.Matches("^Kafka works again after [0-9]+ s; [0-9]+ further errors were held back$",
            Assert.Single(Lines("Kafka works again")));
    }

    private string[] Lines(string start) =>
        [.. log.GetSnapshot().Select(record => record.Message).Where(line => line.StartsWith(start, StringComparison.Ordinal))];
}
