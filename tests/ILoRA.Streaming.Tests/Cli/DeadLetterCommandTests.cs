using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using ILoRA.Streaming.Embedded;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class DeadLetterCommandTests : IDisposable
{
    private const string Valid = """{"user":"u1","item":"i1","time":1700000000}""";
    private const string Broken = """{"user":"u1","item":"i1","time":"noon"}""";
    private readonly EmbeddedKafka kafka = new();

    public DeadLetterCommandTests()
    {
        kafka.CreateTopic("clicks", 1);
        kafka.CreateTopic("items", 1);
        kafka.CreateTopic("dead-letters", 1);
    }

    public void Dispose() => kafka.Dispose();

    [Fact]
    public async Task Redrive_sends_the_original_bytes_and_headers_back_once()
    {
        Put(Valid, "was a defect");
        Assert.Equal((1, 1, 0), await RedriveAsync());
        Assert.Equal((0, 0, 0), await RedriveAsync());
        var record = Assert.Single(Clicks());
        Assert.Equal(Valid, Encoding.UTF8.GetString(record.Message.Value));
        Assert.Equal(["site"], record.Message.Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task What_is_still_invalid_stays_until_it_is_mended()
    {
        Put(Broken, "bad time");
        Put(Valid, "was a defect");
        Assert.Equal((2, 1, 1), await RedriveAsync("--only-valid"));
        Assert.Equal((1, 0, 1), await RedriveAsync("--only-valid"));
        Assert.Equal((1, 1, 0), await RedriveAsync("--only-valid", "--mend", "sed s/noon/2024-01-01T12:00:00Z/"));
        Assert.Equal(2, Clicks().Count);
    }

    [Fact]
    public async Task A_click_of_the_future_stays_until_its_time_has_come()
    {
        Put("""{"user":"u1","item":"i1","time":"2099-01-01T00:00:00Z"}""", "$.time: in the future");
        Assert.Equal((1, 0, 1), await RedriveAsync("--only-valid"));
    }

    [Fact]
    public async Task A_reason_chooses_and_a_dry_run_sends_nothing()
    {
        Put(Valid, "one reason");
        Put(Valid, "another");
        Assert.Equal((2, 1, 1), await RedriveAsync("--reason", "one", "--dry-run"));
        Assert.Empty(Clicks());
    }

    [Fact]
    public async Task A_letter_without_a_key_gets_its_events_key()
    {
        Put(Valid, "no key", key: null);
        await RedriveAsync("--only-valid");
        Assert.Equal("u1", Encoding.UTF8.GetString(Assert.Single(Clicks()).Message.Key));
    }

    [Fact]
    public async Task A_letter_that_a_newer_record_of_its_key_superseded_stays()
    {
        const string row = """{"op":"c","after":{"item":1005,"title":"old"}}""";
        foreach (var (key, value) in new[] { ("""{"id":1005}""", row), ("1006", row), ("1007", row), ("1005", "{}"), ("1006", null) })
            Produce("items", key, value, []);
        foreach (var (key, offset) in new[] { ("""{"id":1005}""", 0), ("1006", 1), ("1007", 2), ("1008", 1) })
            Put(row, "an envelope", key, "items", offset);

        var report = await ReportAsync("--only-valid");

        Assert.Equal((4, 1, 3), CountsOf(report));
        var reasons = report.GetProperty("reasons").EnumerateObject().Select(reason => reason.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["superseded by items-0@3", "superseded by items-0@4", "superseded: items-0 no longer holds a record of its key"],
            reasons);
        Assert.Equal("1007", Encoding.UTF8.GetString(Records("items")[^1].Message.Key));
        Assert.Equal(6, Records("items").Count);
    }

    [Fact]
    public async Task A_missing_topic_of_a_chosen_letter_is_named_and_nothing_is_sent()
    {
        Put(Valid, "was a defect");
        Put("{}", "an outcome", topic: "outcomes");

        var refused = await RunAsync();

        Assert.Equal(1, refused.Code);
        var line = Assert.Single(refused.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("ilora dead-letters redrive: ", line, StringComparison.Ordinal);
        Assert.Contains("outcomes", line, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was sent.", line, StringComparison.Ordinal);
        Assert.Empty(Clicks());
        Assert.Equal((2, 1, 1), await RedriveAsync("--reason", "defect"));
    }

    [Fact]
    public async Task A_letter_of_another_topic_than_the_streams_stays()
    {
        Put(Valid, "of another namespace", topic: "eu.clicks");

        var report = await ReportAsync();

        Assert.Equal((1, 0, 1), CountsOf(report));
        Assert.Equal("no topic of the stream: eu.clicks", Assert.Single(report.GetProperty("reasons").EnumerateObject()).Name);
    }

    private async Task<(int Open, int Redriven, int Left)> RedriveAsync(params string[] options) => CountsOf(await ReportAsync(options));

    private static (int Open, int Redriven, int Left) CountsOf(JsonElement report)
    {
        int Count(string name) => report.GetProperty(name).GetInt32();
        return (Count("open"), Count("redriven"), Count("left"));
    }

    private async Task<JsonElement> ReportAsync(params string[] options)
    {
        var run = await RunAsync(options);
        Assert.True(run.Code == 0, run.Error);
        using var report = JsonDocument.Parse(run.Output);
        return report.RootElement.Clone();
    }

    private Task<IloraProcess.Result> RunAsync(params string[] options)
    {
        var settings = new Dictionary<string, string> { ["ILORA__Kafka__Envelopes__items"] = "debezium" };
        return IloraProcess.RunAsync(settings, ["dead-letters", "redrive", "--bootstrap", kafka.Bootstrap, "--json", .. options]);
    }

    private void Put(string value, string reason, string? key = "u1", string topic = "clicks", int offset = 7) =>
        Produce("dead-letters", key, value,
        [("site", "x"), ("dl_topic", topic), ("dl_partition", "0"), ("dl_offset", $"{offset}"), ("dl_reason", reason),
            ("dl_worker", "ilora-ingest")]);

    private void Produce(string topic, string? key, string? value, (string Name, string Text)[] named)
    {
        using var producer = new ProducerBuilder<string?, string?>(new ProducerConfig { BootstrapServers = kafka.Bootstrap })
            .SetKeySerializer(new NullableText()).SetValueSerializer(new NullableText()).Build();
        var headers = new Headers();
        foreach (var (name, text) in named)
            headers.Add(name, Encoding.UTF8.GetBytes(text));
        producer.Produce(topic, new Message<string?, string?> { Key = key, Value = value, Headers = headers });
        producer.Flush(TimeSpan.FromSeconds(10));
    }

    private List<ConsumeResult<byte[], byte[]>> Clicks() => Records("clicks");

    private List<ConsumeResult<byte[], byte[]>> Records(string topic)
    {
        var config = new ConsumerConfig { BootstrapServers = kafka.Bootstrap, GroupId = "t", EnablePartitionEof = true };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        while (consumer.Consume(TimeSpan.FromSeconds(10)) is { IsPartitionEOF: false } record)
            records.Add(record);
        return records;
    }

    private sealed class NullableText : ISerializer<string?>
    {
        public byte[] Serialize(string? data, SerializationContext context) => data is null ? null! : Encoding.UTF8.GetBytes(data);
    }
}
