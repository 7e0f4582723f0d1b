using Confluent.Kafka;

namespace ILoRA.Streaming.Kafka;

/// <summary>Finds the partitions of a topic for consumers without a group.</summary>
public static class TopicPartitions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="consumer">Whose connection asks.</param>
    /// <param name="topic">The topic's full name.</param>
    /// <param name="options">Where the brokers are, for the message.</param>
    /// <exception cref="InvalidOperationException">The topic does not exist.</exception>
    public static IReadOnlyList<TopicPartition> Of(IConsumer<byte[], byte[]> consumer, string topic, KafkaOptions options)
    {
        return Find(consumer, topic) is { Count: > 0 } partitions
            ? partitions
            : throw new InvalidOperationException($"Topic {topic} does not exist on {options.Bootstrap}; run 'ilora topics create'.");
    }

    /// <returns>Empty where the topic does not exist.</returns>
    public static IReadOnlyList<TopicPartition> Find(IConsumer<byte[], byte[]> consumer, string topic)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var found = admin.GetMetadata(topic, Limit).Topics.SingleOrDefault(metadata => metadata.Topic == topic);
        return found is null || found.Error.IsError
            ? []
            : [.. found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }
}
