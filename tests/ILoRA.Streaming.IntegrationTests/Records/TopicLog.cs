using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace ILoRA.Streaming.IntegrationTests.Records;

/// <summary>One record as any Kafka client sees it.</summary>
public sealed record TopicRecord(string Topic, int Partition, long Offset, string? Key, byte[] Value,
    IReadOnlyDictionary<string, string> Headers)
{
    JsonElement? json;

    public JsonElement Json => json ??= JsonDocument.Parse(Value).RootElement;
    public string Text => Encoding.UTF8.GetString(Value);
}

/// <summary>Follows a whole topic from its first record, without a group, and keeps what it read.</summary>
public sealed class TopicLog : IDisposable
{
    readonly IConsumer<string?, byte[]> consumer;
    readonly CancellationTokenSource stop = new();
    readonly Lock gate = new();
    readonly List<TopicRecord> records = [];
    readonly Task reading;

    public TopicLog(string bootstrap, string topic)
    {
        consumer = new ConsumerBuilder<string?, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = $"reader-{Guid.NewGuid():N}",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchQueueBackoffMs = 10,
        }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics.Single().Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        reading = Task.Factory.StartNew(Read, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Everything read so far, in the order of each partition.</summary>
    public IReadOnlyList<TopicRecord> Records
    {
        get { lock (gate) return [.. records]; }
    }

    public int Count
    {
        get { lock (gate) return records.Count; }
    }

    public void Dispose()
    {
        stop.Cancel();
        reading.ContinueWith(static _ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        consumer.Dispose();
        stop.Dispose();
    }

    void Read()
    {
        while (!stop.IsCancellationRequested)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(200)) is not { Message: { Value: not null } message } result)
                continue;
            var headers =
                (message.Headers ?? []).GroupBy(header => header.Key)
                    .ToDictionary(group => group.Key, group => Encoding.UTF8.GetString(group.Last().GetValueBytes() ?? []));
            lock (gate)
                records.Add(
                    new TopicRecord(result.Topic, result.Partition.Value, result.Offset.Value, message.Key, message.Value, headers));
        }
    }
}
