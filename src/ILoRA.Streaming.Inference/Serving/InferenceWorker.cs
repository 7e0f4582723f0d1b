using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Redis;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>
/// Reads sequences from Kafka and answers each with a recommendation, which goes to Kafka at once; the last one of each user goes to Redis
/// too.
/// </summary>
public sealed class InferenceWorker(
    ConsumerGroups groups, IOptions<InferenceOptions> options, PlanFollower follower, LivePopularity live, RecommendationEmitter emitter,
    LastRecommendationStore lastRecommendations, DependencyRetry retry) : WorkerService
{
    private readonly RecordReader<ReceivedSequence> reader = groups.Reader(options.Value.Group, ReceivedSequence.Read);
    private readonly OrderedStage answering = new(), saving = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        groups.Waiting(options.Value.Group, "reading the catalogue, the versions and the plan");
        await groups.TopicsReady.WaitAsync(stoppingToken);
        await follower.Ready.WaitAsync(stoppingToken);
        groups.Waiting(options.Value.Group, null);
        await groups.Consumer(options.Value.Group, [groups.Topics.Sequences], HandleAsync).RunAsync(stoppingToken);
    }

    private async Task HandleAsync(ConsumedBatch batch, CancellationToken cancel)
    {
        var deliveries = new DeliveryBatch();
        // Batches are answered one after the other, so that a user's recommendations stay in order; deliveries of several batches overlap.
        var answered = answering.RunAsync(() => Task.FromResult(Answer(batch, deliveries, cancel)), cancel);
        await saving.RunAsync(async () => await SaveAsync(await answered, cancel), cancel);
        await deliveries.CompleteAsync(cancel);
    }

    private (UserId User, byte[] Event)[] Answer(ConsumedBatch batch, DeliveryBatch deliveries, CancellationToken cancel)
    {
        var sequences = reader.Read(batch, deliveries);
        foreach (var sequence in sequences)
            live.Add(sequence.Event.Click);
        return emitter.Emit(Newest(sequences), deliveries, cancel);
    }

    private Task SaveAsync((UserId User, byte[] Event)[] made, CancellationToken cancel) =>
        retry.RunAsync(_ => lastRecommendations.SaveAsync(made), cancel);

    private IReadOnlyList<ReceivedSequence> Newest(List<ReceivedSequence> sequences)
    {
        if (!options.Value.Coalesce)
            return sequences;
        // All sequences of a user are in one partition, so the batch has them in order.
        var newest = Coalescing.Newest(sequences, sequence => sequence.Event.User);
        InferenceMetrics.Coalesced.Add(sequences.Count - newest.Count);
        return newest;
    }
}
