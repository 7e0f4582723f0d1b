using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Telemetry;

namespace ILoRA.Streaming.Kafka;

/// <summary>W3C trace context across records.</summary>
public static class TraceHeaders
{
    /// <summary>The record's <c>traceparent</c>, or null.</summary>
    public static string? Of(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Headers is { Count: > 0 } headers && headers.TryGetLastBytes(EventProducer.TraceParentHeader, out var value)
            ? Encoding.UTF8.GetString(value) : null;

    /// <summary>A span for one record's way through a worker, in the trace that the record brought; null when nobody listens.</summary>
    public static Activity? Continue(string name, ConsumeResult<byte[], byte[]> record)
    {
        if (!StreamMetrics.Activities.HasListeners())
            return null;
        _ = ActivityContext.TryParse(Of(record), null, isRemote: true, out var parent);
        var activity = StreamMetrics.Activities.StartActivity(name, ActivityKind.Consumer, parent);
        activity?.SetTag("messaging.system", "kafka").SetTag("messaging.destination.name", record.Topic)
            .SetTag("messaging.kafka.offset", record.Offset.Value).SetTag("messaging.destination.partition.id", record.Partition.Value);
        return activity;
    }
}
