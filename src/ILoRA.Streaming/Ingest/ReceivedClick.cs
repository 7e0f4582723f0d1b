using System.IO.Hashing;
using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Sequences;

namespace ILoRA.Streaming.Ingest;

/// <summary>A click as ingest takes it from the log: the event, and the same as a sequence takes it.</summary>
public readonly record struct ReceivedClick(ConsumeResult<byte[], byte[]> Record, ClickEvent Event, SequenceClick Click)
{
    private const int MaxSession = 256;

    /// <exception cref="PoisonException">the record is no valid click</exception>
    public static ReceivedClick Read(ConsumeResult<byte[], byte[]> record, RecordFormat format, uint topic, int epoch)
    {
        var click = format.ReadEvent<ClickEvent>(record.Message.Value);
        var session = click.Session is { } text ? Encoding.UTF8.GetBytes(text) : [];
        return new(record, click, new(
            Encoding.UTF8.GetBytes(click.Item.Value),
            session.Length <= MaxSession ? session : default,
            Math.Max(0, click.Time.ToUnixTimeMilliseconds()),   // a sequence counts from 1970; what is older keeps its order of arrival
            click.Id is { } id ? XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(id)) | 1 : 0,
            new(topic, record.Partition.Value, epoch, record.Offset.Value)));
    }
}
