using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Inference.Serving;

/// <summary>Makes the recommendation that answers one sequence event: arm, ranking or fallback, shadow lists.</summary>
public sealed class Recommender(PlanKeeper plans, Ranker ranker, FallbackRanker fallbacks, IOptions<InferenceOptions> options, TimeProvider time)
{
    /// <summary>Stands for the version where none has served.</summary>
    public static readonly AdapterVersion NoVersion = new("none");

    private static readonly LineName EncoderLine = new("encoder");
    private static readonly LineName PopularLine = new("popular");

    /// <param name="sequence">The user's history.</param>
    /// <param name="source">Where the sequence event lies; the recommendation's id is made of it, so that a repetition can be recognised.</param>
    /// <param name="arrived">When the sequence event came to Kafka.</param>
    /// <param name="catalogue">As of now.</param>
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
                // Clocks of broker and worker may differ by a little.
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
