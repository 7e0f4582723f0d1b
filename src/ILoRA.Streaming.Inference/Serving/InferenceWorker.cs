using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Redis;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Sequences in, recommendations out: each to Kafka as soon as it is made, and the last one of a user to Redis.</summary>
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
        // One batch after the other, so that a user's older recommendation never follows a newer one; deliveries overlap.
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
        // Within a user order is by record: all of a user's sequences are in one partition.
        var newest = Coalescing.Newest(sequences, sequence => sequence.Event.User);
        InferenceMetrics.Coalesced.Add(sequences.Count - newest.Count);
        return newest;
    }
}
