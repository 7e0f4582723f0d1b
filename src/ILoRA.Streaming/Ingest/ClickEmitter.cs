using System.Diagnostics.Metrics;
using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Ingest;

/// <summary>Sends what an applied click led to; ids are made of the click's place, so that a repetition can be recognised.</summary>
public sealed class ClickEmitter(EventProducer producer, IOptions<SequenceOptions> options, TimeProvider time,
    ILogger<ClickEmitter> logger) : IDisposable
{
    private static readonly Counter<long> Clicks =
        StreamMetrics.Meter.CreateCounter<long>("ilora.clicks", "{click}", "Clicks by what became of them");
    private static readonly Counter<long> Outcomes =
        StreamMetrics.Meter.CreateCounter<long>("ilora.outcomes", "{outcome}", "Recommendations joined with the click that followed");
    private static readonly KeyValuePair<string, object?>[] Results = [.. Enum.GetNames<Appended>()
        .Select(name => new KeyValuePair<string, object?>("result", name.ToLowerInvariant()))];
    private readonly SequenceWriter writer = new(options.Value.EmitTimes);
    private readonly CountedWarning<ReceivedClick> tooLate = new(time, (count, click) =>
        IngestLog.TooLate(logger, count, options.Value.Capacity, click.Record.Topic, click.Record.Partition.Value,
            click.Record.Offset.Value, click.Event.Time));

    /// <summary>
    /// Queues the click's sequence and outcome, unless it lies before <paramref name="emitFrom"/> (a rebuild of what was emitted long ago).
    /// </summary>
    public void Emit(DeliveryBatch deliveries, in AppliedClick applied, long emitFrom)
    {
        Clicks.Add(1, Results[(int)applied.How]);
        var (record, click) = (applied.Click.Record, applied.Click.Event);
        if (record.Offset.Value < emitFrom)
            return;
        if (applied.How == Appended.TooLate)
            tooLate.Count(applied.Click);
        if (applied.Emit is not { } sequence)
            return;
        using var activity = TraceHeaders.Continue("ingest", record);
        var trace = activity?.Id ?? TraceHeaders.Of(record);
        var key = Encoding.UTF8.GetBytes(click.User.Value);
        var (partition, offset) = (record.Partition.Value, record.Offset.Value);
        var id = $"{record.Topic}-{partition}-{offset}";
        var place = applied.How == Appended.New ? null : sequence.LatePlace(applied.Click.Click);
        var value = writer.Write(click.User.Value, sequence, place, record.Topic, partition, offset);
        producer.Send(deliveries, producer.Topics.Sequences, key, value, new(id, SequenceEvent.EventType, click.Time, trace));
        if (applied.Outcome is not { } last)
            return;
        Outcomes.Add(1);
        producer.Send(deliveries, producer.Topics.Outcomes, key, EventJson.Write(last.Outcome(click)),
            new($"{id}/outcome", OutcomeEvent.EventType, click.Time, trace));
    }

    /// <summary>Warns of clicks that changed nothing; to be called after each batch.</summary>
    public void Report() => tooLate.Report();

    public void Dispose()
    {
        tooLate.Finish();
        writer.Dispose();
    }
}
