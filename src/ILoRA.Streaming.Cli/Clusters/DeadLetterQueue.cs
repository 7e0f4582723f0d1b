using Confluent.Kafka;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>
/// The dead letters as a queue: what lies behind the committed offset of the group <c>ilora-redrive</c> is done with. A letter that a pass
/// leaves is put back at the end before the offset moves, so nothing is lost and nothing is sent twice.
/// </summary>
internal sealed class DeadLetterQueue : IDisposable
{
    public const string Group = "ilora-redrive";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly IConsumer<byte[], byte[]> offsets;
    private readonly IProducer<byte[], byte[]> producer;
    private readonly KafkaOptions kafka;
    private readonly string topic;

    public DeadLetterQueue(KafkaOptions kafka)
    {
        this.kafka = kafka;
        topic = kafka.Topics.DeadLetters;
        var group = kafka.Consumer(Group);
        group.GroupProtocol = GroupProtocol.Classic;
        group.EnableAutoCommit = false;
        offsets = new ConsumerBuilder<byte[], byte[]>(group).SetLogHandler((_, _) => { }).Build();
        producer = new ProducerBuilder<byte[], byte[]>(kafka.Producer()).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>The letters that no pass has dealt with, oldest first.</summary>
    public IReadOnlyList<DeadLetter> Open(CancellationToken cancellation)
    {
        using var reader = new TopicReader(kafka);
        return [.. reader.ReadToEnd(topic, Begin, cancellation).Select(record => new DeadLetter(record))];
    }

    /// <summary>
    /// Sends the original records, puts the letters that are left back at the end, and when the brokers have all of it marks the batch as
    /// done.
    /// </summary>
    public async Task SettleAsync(IReadOnlyList<DeadLetter> batch, IReadOnlyList<Redriven> redriven, IReadOnlyList<DeadLetter> left)
    {
        var deliveries = redriven.Select(letter => producer.ProduceAsync(letter.Topic, letter.Message))
            .Concat(left.Select(letter => producer.ProduceAsync(topic, letter.Record.Message)))
            .ToArray();
        producer.Flush(Limit);
        await Task.WhenAll(deliveries);
        offsets.CommitPatiently(batch.GroupBy(letter => letter.Record.TopicPartition)
            .Select(letters => new TopicPartitionOffset(letters.Key, letters.Max(letter => letter.Record.Offset.Value) + 1)));
    }

    public void Dispose()
    {
        producer.Dispose();
        offsets.Dispose();
    }

    private Offset Begin(TopicPartition partition)
    {
        var committed = offsets.Committed(partition);
        return committed.IsSpecial ? Offset.Beginning : committed;
    }
}

/// <summary>A record on its way back to the topic it came from.</summary>
internal sealed record Redriven(string Topic, Message<byte[], byte[]> Message);
