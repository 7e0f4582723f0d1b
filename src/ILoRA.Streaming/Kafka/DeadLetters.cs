using System.Globalization;
using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;

namespace ILoRA.Streaming.Kafka;

/// <summary>Puts records that cannot be read aside: original key, value and headers unchanged, and why in <c>dl_*</c> headers.</summary>
public sealed class DeadLetters(EventProducer producer, TimeProvider time, ILogger<DeadLetters> logger) : IDisposable
{
    public const string Topic = "dl_topic", Partition = "dl_partition", Offset = "dl_offset", Reason = "dl_reason", Worker = "dl_worker",
        Time = "dl_time";
    private const int MaxReason = 1_000;
    private readonly DeadLetterWarnings warnings = new(time, logger);

    /// <summary>Queues a dead letter; <paramref name="deliveries"/> reports its delivery.</summary>
    public void Send(DeliveryBatch deliveries, ConsumeResult<byte[], byte[]> record, string reason, string worker)
    {
        var headers = new Headers();
        foreach (var header in record.Message.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        var text = reason.Length > MaxReason ? reason[..MaxReason] : reason;
        Add(headers, Topic, record.Topic);
        Add(headers, Partition, record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, Offset, record.Offset.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, Reason, text);
        Add(headers, Worker, worker);
        Add(headers, Time, Rfc3339.Text(time.GetUtcNow()));
        var letter = new Message<byte[], byte[]> { Key = record.Message.Key, Value = record.Message.Value, Headers = headers };
        producer.Send(deliveries, producer.Topics.DeadLetters, letter);
        StreamMetrics.DeadLetters.Add(1, new("worker", worker), new KeyValuePair<string, object?>("topic", record.Topic));
        warnings.Count(record.TopicPartitionOffset, text);
    }

    public void Dispose() => warnings.Dispose();

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
}
