using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>A sequence event with its Kafka record.</summary>
public readonly record struct ReceivedSequence(ConsumeResult<byte[], byte[]> Record, SequenceEvent Event)
{
    /// <summary>Parses a record.</summary>
    /// <exception cref="PoisonException">The record is not a valid sequence event.</exception>
    public static ReceivedSequence Read(ConsumeResult<byte[], byte[]> record) =>
        new(record, EventJson.Parse<SequenceEvent>(record.Message.Value));
}
