using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Sequences in, recommendations out: each to Kafka as soon as it is made, and the last one of a user to Redis.</summary>
public sealed class InferenceWorker(
    IOptions<KafkaOptions> kafka, IOptions<InferenceOptions> options, Recommender recommender, LivePopularity live, CatalogueFeed items, PlanFollower follower,
    LastRecommendationStore lastRecommendations, EventProducer producer, DeadLetters deadLetters, DependencyRetry retry, TopicGuard topics, WorkerHealth health,
    ILoggerFactory loggers) : WorkerService
{
    private Task<(UserId User, byte[] Event)[]> lastAnswered = Task.FromResult<(UserId User, byte[] Event)[]>([]);
    private Task lastSaved = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        health.Waiting(options.Value.Group, "reading the catalogue, the versions and the plan");
        await topics.Passed.WaitAsync(stoppingToken);
        await follower.Ready.WaitAsync(stoppingToken);
        health.Waiting(options.Value.Group, null);
        var consumer = new BatchConsumer(kafka.Value, options.Value.Group, [kafka.Value.Topics.Sequences], HandleAsync, health, loggers.CreateLogger<BatchConsumer>());
        await consumer.RunAsync(stoppingToken);
    }

    private async Task HandleAsync(ConsumedBatch batch, CancellationToken cancel)
    {
        var deliveries = new DeliveryBatch();
        var answered = lastAnswered = AnswerAsync(lastAnswered, batch, deliveries, cancel);
        await (lastSaved = SaveAsync(lastSaved, answered, cancel));
        await deliveries.CompleteAsync(cancel);
    }

    /// <summary>One batch after the other, so that a user's older recommendation never follows a newer one; deliveries overlap.</summary>
    private async Task<(UserId User, byte[] Event)[]> AnswerAsync(Task before, ConsumedBatch batch, DeliveryBatch deliveries, CancellationToken cancel)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var sequences = Newest(Read(batch, deliveries));
        var made = new (UserId User, byte[] Event)[sequences.Count];
        var now = items.Catalogue;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = cancel };
        Parallel.For(0, sequences.Count, parallel, i => made[i] = Answer(sequences[i], now, deliveries));
        return made;
    }

    private async Task SaveAsync(Task before, Task<(UserId User, byte[] Event)[]> answered, CancellationToken cancel)
    {
        await before;
        var made = await answered;
        await retry.RunAsync(_ => lastRecommendations.SaveAsync(made), cancel);
    }

    private List<ReceivedSequence> Read(ConsumedBatch batch, DeliveryBatch deliveries)
    {
        var sequences = new List<ReceivedSequence>(batch.Records.Count);
        foreach (var record in batch.Records)
        {
            try
            {
                var sequence = EventJson.Parse<SequenceEvent>(record.Message.Value);
                live.Add(sequence.Click);
                sequences.Add(new ReceivedSequence(record, sequence));
            }
            catch (PoisonException poison)
            {
                deadLetters.Send(deliveries, record, poison.Message, options.Value.Group);
            }
        }
        return sequences;
    }

    private IReadOnlyList<ReceivedSequence> Newest(List<ReceivedSequence> sequences)
    {
        if (!options.Value.Coalesce)
            return sequences;
        // Within a user order is by record: all of a user's sequences are in one partition.
        var newest = Coalescing.Newest(sequences, sequence => sequence.Event.User);
        InferenceMetrics.Coalesced.Add(sequences.Count - newest.Count);
        return newest;
    }

    private (UserId, byte[]) Answer(ReceivedSequence received, Catalogue now, DeliveryBatch deliveries)
    {
        var (record, sequence) = received;
        using var activity = TraceHeaders.Continue("recommend", record);
        var source = new SourcePosition { Topic = record.Topic, Partition = record.Partition.Value, Offset = record.Offset.Value };
        var recommendation = recommender.Recommend(sequence, source, record.Message.Timestamp.UtcDateTime, now);
        Measure(recommendation);
        var value = EventJson.Write(recommendation);
        var header = new EventHeader(recommendation.Id.Value, RecommendationEvent.EventType, recommendation.Time, activity?.Id ?? TraceHeaders.Of(record));
        producer.Send(deliveries, producer.Topics.Recommendations, Encoding.UTF8.GetBytes(sequence.User.Value), value, header);
        return (sequence.User, value);
    }

    private static void Measure(RecommendationEvent recommendation)
    {
        var fallback = recommendation.Fallback?.ToString() ?? "none";
        InferenceMetrics.Recommendations.Add(1, new("arm", recommendation.Arm.Value), new KeyValuePair<string, object?>("fallback", fallback));
        if (recommendation.Latency is not { } latency)
            return;
        InferenceMetrics.QueueSeconds.Record(latency.Queue / 1000);
        InferenceMetrics.ScoreSeconds.Record((latency.Retrieve + latency.Score) / 1000);
    }

    private readonly record struct ReceivedSequence(ConsumeResult<byte[], byte[]> Record, SequenceEvent Event);
}
