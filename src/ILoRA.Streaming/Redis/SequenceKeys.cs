using Confluent.Kafka;
using ILoRA.Streaming.Events;
using StackExchange.Redis;

namespace ILoRA.Streaming.Redis;

/// <summary>
/// The names of what is stored; a user's keys share the hash tag <c>{user}</c>, so that Redis Cluster keeps them in one slot.
/// </summary>
public sealed record SequenceKeys(string Prefix)
{
    public RedisKey Sequence(string user) => $"{Prefix}{{{user}}}:seq";

    public RedisKey Recommendation(string user) => $"{Prefix}{{{user}}}:rec";

    /// <summary>What an inference worker reports to serve.</summary>
    public RedisKey Serving(string worker) => $"{Prefix}serving:{worker}";

    public RedisKey ServingWorkers => $"{Prefix}serving";

    public RedisKey Progress(TopicPartition partition) =>
        $"{Prefix}progress:{{{new PartitionName(partition.Topic, partition.Partition.Value)}}}";
}
