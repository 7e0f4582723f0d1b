using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>
/// Computes the recommendation for a sequence event: assigns the arm, ranks with its version or a fallback, and adds the shadow lists.
/// </summary>
public sealed class Recommender(PlanKeeper plans, Ranker ranker, FallbackRanker fallbacks, IOptions<InferenceOptions> options,
    TimeProvider time)
{
    /// <summary>The version in recommendations that no version ranked.</summary>
    public static readonly AdapterVersion NoVersion = new("none");

    private static readonly LineName EncoderLine = new("encoder");
    private static readonly LineName PopularLine = new("popular");

    /// <summary>Computes one recommendation.</summary>
    /// <param name="sequence">The sequence event with the user's history.</param>
    /// <param name="source">The event's place in Kafka, which is also the recommendation's id: a repeated event gives the same id.</param>
    /// <param name="arrived">The time at which the event was written to Kafka.</param>
    /// <param name="catalogue">The current catalogue.</param>
    public RecommendationEvent Recommend(SequenceEvent sequence, SourcePosition source, DateTimeOffset arrived, Catalogue catalogue)
    {
        var start = time.GetUtcNow();
        using var lease = plans.Lease(sequence.User);
        var (plan, arm) = lease is null ? Unserved(sequence.User) : (lease.Plan.Plan, lease.Arm);
        var list = Rank(lease?.Version, sequence, catalogue, options.Value.TopK);
        return new RecommendationEvent
        {
            Id = new RecommendationId(source.ToString()),
            User = sequence.User,
            Time = time.GetUtcNow(),
            Items = [.. list.Items.Select(item => new RankedItem { Item = item.Item, Score = item.Score, Propensity = 1 })],
            Version = lease?.Version.Version ?? NoVersion,
            Line = arm.Line,
            Arm = arm.Name,
            Rollout = plan.Rollout,
            Gate = list.Gate,
            Source = source,
            Candidates = list.Candidates,
            Fallback = list.Fallback,
            Shadow = lease is null ? null : Shadow(lease, sequence, catalogue),
            Segment = plan.Segment,
            Latency = new Latency
            {
                // The clocks of broker and worker can differ, which could make it negative.
                Queue = Math.Max(0, (start - arrived).TotalMilliseconds),
                Retrieve = list.Retrieve.TotalMilliseconds,
                Score = list.Score.TotalMilliseconds,
            },
        };
    }

    private static (RolloutPlan, Arm) Unserved(UserId user) => (RolloutPlan.Default, RolloutPlan.Default.Assign(user));

    private RankedList Rank(ServedVersion? version, SequenceEvent sequence, Catalogue catalogue, int count) =>
        (version is null || catalogue.Count == 0 ? null : ranker.Rank(version, sequence.Items, catalogue, count))
            ?? fallbacks.Rank(version?.Popular, catalogue, count);

    private Dictionary<LineName, IReadOnlyList<ItemId>>? Shadow(PlanLease lease, SequenceEvent sequence, Catalogue catalogue)
    {
        if (lease.Plan.Plan.Shadow is not { Count: > 0 } lines)
            return null;
        var count = options.Value.ShadowTopK;
        var lists = new Dictionary<LineName, IReadOnlyList<ItemId>>();
        foreach (var line in lines)
        {
            if (line == EncoderLine)
                lists[line] = Ranker.EncoderList(lease.Version, sequence.Items, catalogue, count);
            else if (line == PopularLine)
                lists[line] = Ranker.PopularList(lease.Version, catalogue, count);
            else if (lease.Plan.Shadows.TryGetValue(line, out var version))
                lists[line] = [.. Rank(version, sequence, catalogue, count).Items.Select(item => item.Item)];
        }
        return lists;
    }
}
