using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>The newest record of each key in the compacted topics, against which an older record must not be written again.</summary>
internal sealed class NewestRecords(KafkaOptions kafka)
{
    private readonly RecordFormat items = kafka.ItemFormat();
    private readonly Dictionary<string, Dictionary<TopicPartition, Newest>> topics = new(StringComparer.Ordinal);

    /// <returns>Why the letter's record is no longer the newest of its key; null where it is, or its topic is not compacted.</returns>
    public string? WhyNot(DeadLetter letter, CancellationToken cancellation)
    {
        if (letter.Topic is not { } topic || !IsCompacted(topic) || letter.Place is not var (partition, offset)
            || letter.Record.Message.Key is not { } key)
            return null;
        if (!topics.TryGetValue(topic, out var partitions))
            topics.Add(topic, partitions = Read(topic, cancellation));
        if (!partitions.TryGetValue(new(topic, partition), out var newest))
            return null;
        if (newest.Offsets.TryGetValue(IdOf(topic, key), out var last))
            return last > offset ? $"superseded by {topic}-{partition}@{last}" : null;
        // Compaction takes a record away only after a newer one, of which a deletion is taken away later.
        return offset < newest.Last ? $"superseded: {topic}-{partition} no longer holds a record of its key" : null;
    }

    private bool IsCompacted(string topic) =>
        kafka.Topics.All(1).Any(spec => spec.Name == topic && spec.Content == TopicContent.Compacted);

    private Dictionary<TopicPartition, Newest> Read(string topic, CancellationToken cancellation)
    {
        using var reader = new TopicReader(kafka);
        var partitions = new Dictionary<TopicPartition, Newest>();
        // A partition's records come in the order of their offsets.
        foreach (var record in reader.ReadToEnd(topic, null, cancellation))
        {
            if (!partitions.TryGetValue(record.TopicPartition, out var newest))
                partitions.Add(record.TopicPartition, newest = new());
            newest.Last = record.Offset.Value;
            if (record.Message.Key is { } key)
                newest.Offsets[IdOf(topic, key)] = record.Offset.Value;
        }
        return partitions;
    }

    // Sites and connectors write one item's key in several ways.
    private string IdOf(string topic, byte[] key)
    {
        if (topic != kafka.Topics.Items)
            return Encoding.UTF8.GetString(key);
        try
        {
            return items.ReadKey(key);
        }
        catch (PoisonException)
        {
            return Encoding.UTF8.GetString(key);
        }
    }

    private sealed class Newest
    {
        public Dictionary<string, long> Offsets { get; } = new(StringComparer.Ordinal);

        /// <summary>The partition's last offset.</summary>
        public long Last { get; set; }
    }
}
