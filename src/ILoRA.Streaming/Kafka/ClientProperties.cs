using Confluent.Kafka;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// The librdkafka properties that a user gives by name (<c>Kafka:Client</c>). They win over what the other settings make of them; those on
/// which the delivery and the order of events stand are refused.
/// </summary>
internal static class ClientProperties
{
    // Other names of one property, as librdkafka's CONFIGURATION.md lists them.
    private static readonly Dictionary<string, string> Names = new()
    {
        ["metadata.broker.list"] = "bootstrap.servers",
        ["compression.codec"] = "compression.type",
        ["queue.buffering.max.ms"] = "linger.ms",
        ["request.required.acks"] = "acks",
        ["delivery.timeout.ms"] = "message.timeout.ms",
        ["auto.commit.enable"] = "enable.auto.commit",
    };

    private static readonly Dictionary<string, string> Refusals = new()
    {
        ["bootstrap.servers"] = "give Kafka:Bootstrap (--bootstrap)",
        ["group.id"] = "give Ingest:Group, Inference:Group or Trainer:Group",
        ["group.protocol"] = "give Kafka:GroupProtocol",
        ["auto.offset.reset"] = "a new group begins with the first record, or events would be skipped",
        ["enable.auto.offset.store"] = "an offset is stored when what its record led to is delivered, not before",
        ["enable.auto.commit"] = "workers commit what they have finished, readers without a group commit nothing",
        ["enable.partition.eof"] = "readers of whole topics need the marks of their ends, workers must not get them",
        ["enable.idempotence"] = "without it a retry could repeat a user's events or change their order",
        ["acks"] = "an offset is committed when all replicas have what its record led to",
        ["partitioner"] = "all producers must send a user's events to the partition that the Java clients choose (murmur2)",
        ["transactional.id"] = "transactions are not used",
        ["dotnet.producer.enable.delivery.reports"] = "offsets are stored by delivery reports",
        ["dotnet.producer.enable.background.poll"] = "offsets are stored by delivery reports",
    };

    /// <summary>Why a property cannot be given; null where it can.</summary>
    public static string? Refusal(string property) => Refusals.GetValueOrDefault(NameOf(property));

    /// <summary>Our own properties, and the given ones in place of those of the same name.</summary>
    public static TConfig Over<TConfig>(IEnumerable<KeyValuePair<string, string>> given, TConfig own)
        where TConfig : Config
    {
        foreach (var (property, value) in given)
            if (Refusal(property) is null)
                own.Set(NameOf(property), value);
        return own;
    }

    /// <summary>Why librdkafka does not take the properties; null where it does. No broker is asked.</summary>
    public static string? Mistake(ConsumerConfig consumer, ProducerConfig producer)
    {
        try
        {
            using var reads =
                new ConsumerBuilder<byte[], byte[]>(Alone(consumer)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            using var writes =
                new ProducerBuilder<byte[], byte[]>(Alone(producer)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or ArgumentException)
        {
            return refused.Message;
        }
    }

    /// <summary>Without an address, so that nothing is connected.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Alone(Config config) =>
        config.Where(property => NameOf(property.Key) != "bootstrap.servers");

    private static string NameOf(string property) => Names.GetValueOrDefault(property, property);
}
