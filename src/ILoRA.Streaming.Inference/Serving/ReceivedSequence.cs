using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>A sequence as inference takes it from the log.</summary>
public readonly record struct ReceivedSequence(ConsumeResult<byte[], byte[]> Record, SequenceEvent Event)
{
    /// <exception cref="PoisonException">The record is no valid sequence.</exception>
    public static ReceivedSequence Read(ConsumeResult<byte[], byte[]> record) =>
        new(record, EventJson.Parse<SequenceEvent>(record.Message.Value));
}
