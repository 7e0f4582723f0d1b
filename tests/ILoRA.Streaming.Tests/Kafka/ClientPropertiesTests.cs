using Confluent.Kafka;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class ClientPropertiesTests
{
    [Fact]
    public void Events_are_sent_by_a_codec_that_every_client_reads() =>
        Assert.Contains(new KafkaOptions().Producer().CompressionType, (CompressionType?[])[CompressionType.None, CompressionType.Gzip]);

    [Theory]
    [InlineData("compression.type", "gzip")]
    [InlineData("linger.ms", "50")]
    [InlineData("batch.size", "4096")]
    [InlineData("queue.buffering.max.messages", "5000")]
    [InlineData("queue.buffering.max.kbytes", "4096")]
    [InlineData("message.timeout.ms", "9000")]
    [InlineData("security.protocol", "ssl")]
    public void A_given_property_wins_in_the_producer(string property, string value) =>
        Assert.Equal(value, Given(property, value).Producer().Get(property));

    [Fact]
    public void Colons_stand_for_dots_since_environment_variables_cannot_hold_any()
    {
        var given = new Dictionary<string, string?> { ["Kafka:Client:security:protocol"] = "ssl" };
        Assert.Equal("ssl",
            KafkaOptions.Of(new ConfigurationBuilder().AddInMemoryCollection(given).Build()).Producer().Get("security.protocol"));
    }

    [Theory]
    [InlineData("compresion.type", "gzip")]
    [InlineData("security:protocl", "ssl")]
    [InlineData("compression.type", "rubbish")]
    public void What_librdkafka_does_not_take_is_refused(string property, string value)
    {
        var given = new Dictionary<string, string?> { [$"Kafka:Client:{property}"] = value };
        var refused =
            Assert.Throws<InvalidDataException>(() => KafkaOptions.Of(new ConfigurationBuilder().AddInMemoryCollection(given).Build()));
        Assert.StartsWith("Kafka:Client: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compression.codec", "gzip", "compression.type")]
    [InlineData("queue.buffering.max.ms", "50", "linger.ms")]
    [InlineData("delivery.timeout.ms", "9000", "message.timeout.ms")]
    public void A_property_wins_by_its_other_name_too(string alias, string value, string property)
    {
        var producer = Given(alias, value).Producer();
        Assert.Equal(value, producer.Get(property));
        Assert.DoesNotContain(alias, producer.Select(entry => entry.Key));
    }

    [Theory]
    [InlineData("fetch.wait.max.ms", "70")]
    [InlineData("auto.commit.interval.ms", "2000")]
    [InlineData("session.timeout.ms", "45000")]
    [InlineData("heartbeat.interval.ms", "5000")]
    [InlineData("partition.assignment.strategy", "range")]
    [InlineData("queued.min.messages", "100")]
    [InlineData("queued.max.messages.kbytes", "1024")]
    [InlineData("fetch.queue.backoff.ms", "20")]
    public void A_given_property_wins_in_workers_and_readers(string property, string value)
    {
        Assert.Equal(value, Given(property, value).Consumer("g").Get(property));
        Assert.Equal(value, Given(property, value).Reader(TimeSpan.FromMilliseconds(20)).Get(property));
    }

    [Theory]
    [InlineData("bootstrap.servers")]
    [InlineData("metadata.broker.list")]
    [InlineData("group.id")]
    [InlineData("group.protocol")]
    [InlineData("auto.offset.reset")]
    [InlineData("enable.auto.offset.store")]
    [InlineData("enable.auto.commit")]
    [InlineData("auto.commit.enable")]
    [InlineData("enable.partition.eof")]
    [InlineData("enable.idempotence")]
    [InlineData("acks")]
    [InlineData("request.required.acks")]
    [InlineData("partitioner")]
    [InlineData("transactional.id")]
    [InlineData("dotnet.producer.enable.delivery.reports")]
    public async Task A_property_that_the_guarantees_stand_on_is_refused_with_the_reason(string property)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"Kafka:Client:{property}", "x")]).Build();
        var refused = Assert.Throws<InvalidDataException>(() => KafkaOptions.Of(configuration));
        Assert.Matches($@"^Kafka:Client:{property} cannot be set \('x' was given\): \S.+\.$", refused.Message);
        Assert.Equal(ExitCode.BadInput, await StreamHost.RunAsync([$"--Kafka:Client:{property}=x"], "ilora-test", (_, _) => { }));
    }

    /// <summary>What our own code sets is either the user's to change or refused: nothing given is dropped in silence.</summary>
    [Fact]
    public void Nothing_that_is_set_here_overrides_what_is_given()
    {
        foreach (var (name, make) in new (string, Func<KafkaOptions, Config>)[]
        {
            ("producer", options => options.Producer()), ("consumer", options => options.Consumer("g")),
            ("reader", options => options.Reader()), ("admin", options => options.Admin()),
        })
        {
            foreach (var (property, own) in make(new()))
            {
                var options = Given(property, "given");
                Assert.True(options.Validate(new(options)).Any() || make(options).Get(property) == "given",
                    $"{name}: {property} stays {own}");
            }
        }
    }

    private static KafkaOptions Given(string property, string value)
    {
        var options = new KafkaOptions();
        options.Client[property] = value;
        return options;
    }
}
