using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class RecordReaderTests : IClassFixture<EmbeddedServers>, IDisposable
{
    private readonly TopicProbe probe;
    private readonly EventProducer producer;
    private readonly DeadLetters deadLetters;

    public RecordReaderTests(EmbeddedServers servers)
    {
        probe = new(servers.Bootstrap);
        var options = new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()) };
        producer = new(options, "test", SilentDependencies.Create(), NullLogger.Instance);
        deadLetters = new(producer, TimeProvider.System, NullLogger<DeadLetters>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_can_be_read_is_given_in_order_and_the_rest_is_put_aside_with_its_reason()
    {
        var values = await ReadAsync(new(Parse, deadLetters, "ilora-test"), "1", "one", "2", "two", "3");

        Assert.Equal([1, 2, 3], values);
        var letters = probe.Records(producer.Topics.DeadLetters)
            .OrderBy(letter => TopicProbe.Header(letter, DeadLetters.Offset), StringComparer.Ordinal).ToArray();
        Assert.Equal(
            [("one", "'one' is no number", "1"), ("two", "'two' is no number", "3")],
            letters.Select(letter =>
                (Text(letter), TopicProbe.Header(letter, DeadLetters.Reason), TopicProbe.Header(letter, DeadLetters.Offset))));
        Assert.All(letters, letter => Assert.Equal("ilora-test", TopicProbe.Header(letter, DeadLetters.Worker)));
    }

    [Fact]
    public async Task What_was_put_aside_before_is_passed_over()
    {
        var reader = new RecordReader<int>(Parse, deadLetters, "ilora-test", record => record.Offset.Value >= 2);

        Assert.Equal([1], await ReadAsync(reader, "zero", "1", "two"));

        Assert.Equal(["two"], probe.Records(producer.Topics.DeadLetters).Select(Text));
    }

    [Fact]
    public async Task A_fault_that_is_not_the_records_is_no_dead_letter()
    {
        var reader = new RecordReader<int>(_ => throw new InvalidOperationException("a fault in the program"), deadLetters, "ilora-test");

        Assert.Equal("a fault in the program", (await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(reader, "1"))).Message);
    }

    private static async Task<List<int>> ReadAsync(RecordReader<int> reader, params string[] values)
    {
        var deliveries = new DeliveryBatch();
        var records = values.Select((value, offset) => A.Record(Encoding.UTF8.GetBytes(value), offset: offset));
        var read = reader.Read(new([.. records]), deliveries);
        await deliveries.CompleteAsync(Cancel);
        return read;
    }

    private static int Parse(ConsumeResult<byte[], byte[]> record) =>
        int.TryParse(Text(record), out var number) ? number : throw new PoisonException($"'{Text(record)}' is no number");

    private static string Text(ConsumeResult<byte[], byte[]> record) => Encoding.UTF8.GetString(record.Message.Value);

    public void Dispose()
    {
        deadLetters.Dispose();
        producer.Dispose();
        probe.Dispose();
    }
}
