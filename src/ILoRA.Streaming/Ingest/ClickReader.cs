using Confluent.Kafka;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Sequences;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>Reads records of <c>clicks</c> in the format of the configuration and refuses clicks of the future.</summary>
public sealed class ClickReader(IOptions<KafkaOptions> kafka, ClickClock clock)
{
    private readonly RecordFormat format = kafka.Value.ClickFormat();
    private readonly uint topic = LogPosition.TopicCode(kafka.Value.Topics.Clicks);

    /// <param name="record">Of the topic of clicks.</param>
    /// <param name="epoch">Its partition's.</param>
    /// <exception cref="PoisonException">The record is not a valid click, or its time is in the future.</exception>
    public ReceivedClick Read(ConsumeResult<byte[], byte[]> record, int epoch)
    {
        var click = ReceivedClick.Read(record, format, topic, epoch);
        clock.Check(click.Event);
        return click;
    }
}
