using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Kafka;

/// <summary>What the CloudEvents headers of a record say; <paramref name="Type"/> is a name such as <c>ilora.click.v1</c>.</summary>
public readonly record struct EventHeader(string Id, string Type, DateTimeOffset Time, string? TraceParent = null);

/// <summary>Sends events: idempotent, with CloudEvents (binary mode) and W3C trace headers.</summary>
public sealed class EventProducer : IDisposable
{
    public const string TraceParentHeader = "traceparent";
    // Whoever needs a delivery has awaited it: what is left at the end was given up by a worker that stops.
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);
    private readonly IProducer<byte[], byte[]> producer;
    private readonly byte[] source;

    public EventProducer(IOptions<KafkaOptions> options, Dependencies dependencies, ILogger<EventProducer> logger)
        : this(options.Value, "ilora", dependencies, logger)
    {
    }

    /// <summary><paramref name="source"/> becomes <c>ce_source</c>.</summary>
    public EventProducer(KafkaOptions options, string source, Dependencies dependencies, ILogger logger)
    {
        var events = new KafkaClientEvents(dependencies.Kafka, logger);
        this.source = Encoding.UTF8.GetBytes(source);
        Topics = options.Topics;
        producer = new ProducerBuilder<byte[], byte[]>(options.Producer())
            .SetErrorHandler(events.OnError)
            .SetLogHandler(events.OnLog)
            .Build();
    }

    public Topics Topics { get; }

    /// <summary>Sends one event; ends when the brokers have it.</summary>
    /// <exception cref="KafkaException">the brokers did not take it within the retry budget</exception>
    public Task ProduceAsync(string topic, string key, byte[]? value, EventHeader header, CancellationToken cancel = default)
    {
        var deliveries = new DeliveryBatch();
        Send(deliveries, topic, Encoding.UTF8.GetBytes(key), value, header);
        return deliveries.CompleteAsync(cancel);
    }

    /// <summary>Queues one event; <paramref name="deliveries"/> reports its delivery.</summary>
    public void Send(DeliveryBatch deliveries, string topic, byte[] key, byte[]? value, EventHeader header) =>
        Send(deliveries, topic, new Message<byte[], byte[]> { Key = key, Value = value!, Headers = Headers(header) });

    internal void Send(DeliveryBatch deliveries, string topic, Message<byte[], byte[]> message)
    {
        deliveries.Add();
        while (true)
        {
            try
            {
                producer.Produce(topic, message, deliveries.Report);
                return;
            }
            catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                // The local queue is the back-pressure: wait here until brokers took some of it.
                producer.Flush(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private Headers Headers(EventHeader header)
    {
        var headers = new Headers
        {
            { "ce_specversion", SpecVersion },
            { "ce_id", Encoding.UTF8.GetBytes(header.Id) },
            { "ce_type", Encoding.UTF8.GetBytes(header.Type) },
            { "ce_source", source },
            { "ce_time", Encoding.UTF8.GetBytes(Rfc3339.Text(header.Time)) },
        };
        if (header.TraceParent is { } trace)
            headers.Add(TraceParentHeader, Encoding.UTF8.GetBytes(trace));
        return headers;
    }

    private static readonly byte[] SpecVersion = "1.0"u8.ToArray();

    public void Dispose()
    {
        producer.Flush(FlushTime);
        producer.Dispose();
    }
}
