using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Computes the recommendations for sequences, several in parallel, and sends each as soon as it is ready.</summary>
public sealed class RecommendationEmitter(
    IOptions<InferenceOptions> options, Recommender recommender, CatalogueFeed items, EventProducer producer)
{
    /// <summary>Sends a recommendation for each sequence; <paramref name="deliveries"/> tracks their delivery.</summary>
    /// <returns>The events that were sent, in the order of <paramref name="sequences"/>.</returns>
    public (UserId User, byte[] Event)[] Emit(IReadOnlyList<ReceivedSequence> sequences, DeliveryBatch deliveries, CancellationToken cancel)
    {
        var made = new (UserId User, byte[] Event)[sequences.Count];
        var now = items.Catalogue;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = cancel };
        Parallel.For(0, sequences.Count, parallel, i => made[i] = Emit(sequences[i], now, deliveries));
        return made;
    }

    private (UserId, byte[]) Emit(ReceivedSequence received, Catalogue now, DeliveryBatch deliveries)
    {
        var (record, sequence) = received;
        using var activity = TraceHeaders.Continue("recommend", record);
        var source = new SourcePosition { Topic = record.Topic, Partition = record.Partition.Value, Offset = record.Offset.Value };
        var recommendation = recommender.Recommend(sequence, source, record.Message.Timestamp.UtcDateTime, now);
        Measure(recommendation);
        var value = EventJson.Write(recommendation);
        var trace = activity?.Id ?? TraceHeaders.Of(record);
        var header = new EventHeader(recommendation.Id.Value, RecommendationEvent.EventType, recommendation.Time, trace);
        producer.Send(deliveries, producer.Topics.Recommendations, Encoding.UTF8.GetBytes(sequence.User.Value), value, header);
        return (sequence.User, value);
    }

    private static void Measure(RecommendationEvent recommendation)
    {
        var fallback = recommendation.Fallback?.ToString() ?? "none";
        InferenceMetrics.Recommendations.Add(
            1, new("arm", recommendation.Arm.Value), new KeyValuePair<string, object?>("fallback", fallback));
        if (recommendation.Latency is not { } latency)
            return;
        InferenceMetrics.QueueSeconds.Record(latency.Queue / 1000);
        InferenceMetrics.ScoreSeconds.Record((latency.Retrieve + latency.Score) / 1000);
    }
}
