using Confluent.Kafka;
using ILoRA.Streaming.Importing.Resuming;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>
/// How far a file was imported, kept in the cluster itself: each number is the committed offset of a consumer group that is named after the
/// file and what the number is. So a fresh cluster begins afresh, and any machine may go on.
/// </summary>
/// <param name="kafka">The cluster.</param>
/// <param name="topic">Where the file is sent.</param>
/// <param name="import">The file's name and a fingerprint of how it is read.</param>
internal sealed class ClusterMarks(KafkaOptions kafka, string topic, string import) : IDisposable
{
    private readonly TopicPartition place = new(topic, 0);
    private readonly Dictionary<string, IConsumer<byte[], byte[]>> groups = new(StringComparer.Ordinal);

    public ImportMarks Marks => new(Read, Keep);

    private long Read(string name)
    {
        var offset = Group(name).Committed(place);
        return offset.IsSpecial ? 0 : offset.Value;
    }

    private void Keep(string name, long value) => Group(name).CommitPatiently([new TopicPartitionOffset(place, value)]);

    public void Dispose()
    {
        foreach (var group in groups.Values)
            group.Dispose();
    }

    private IConsumer<byte[], byte[]> Group(string name)
    {
        if (groups.TryGetValue(name, out var known))
            return known;
        var config = kafka.Consumer($"ilora-import-{import}-{name}");
        config.GroupProtocol = GroupProtocol.Classic;
        config.EnableAutoCommit = false;
        return groups[name] = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
    }
}
