using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Ranking;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ILoRA.Streaming.Tests.Inference;

/// <summary>Tests the fields of a recommendation other than its ranking, with versions that know no item of the histories.</summary>
public sealed class RecommenderTests : IDisposable
{
    private static readonly AdapterManifest Online = SmallVersion.Manifest("online", 1), Newer = SmallVersion.Manifest("online", 2),
        Frozen = SmallVersion.Manifest("frozen", 1);
    private readonly FakeTimeProvider time = new(A.Start);
    private readonly Dictionary<string, ServedVersion> versions = new()
    {
        [Online.Key] = SmallVersion.Of(Online, ("p1", 1), ("p2", 3), ("p3", 2)),
        [Newer.Key] = SmallVersion.Of(Newer),
        [Frozen.Key] = SmallVersion.Of(Frozen, ("p3", 1)),
    };

    private readonly PlanKeeper plans;
    private readonly LivePopularity live;
    private readonly InferenceOptions options = new() { TopK = 3, ShadowTopK = 2 };

    public RecommenderTests()
    {
        plans = new((manifest, _) => Task.FromResult(versions[manifest.Key]), time, NullLogger<PlanKeeper>.Instance);
        live = new(time);
    }

    [Fact]
    public void Without_a_plan_the_most_clicked_items_are_recommended_with_no_version()
    {
        live.Add(new("b"));

        var made = Recommend(Catalogue("a", "b"));

        Assert.Equal((Recommender.NoVersion, new LineName("online"), new ArmName("online"), RolloutPlan.Default.Rollout),
            (made.Version, made.Line, made.Arm, made.Rollout));
        Assert.Equal(Fallback.Popular, made.Fallback);
        Assert.Equal(["b", "a"], Items(made));
        Assert.Empty(made.Gate);
        Assert.Null(made.Candidates);
        Assert.Null(made.Shadow);
    }

    [Fact]
    public async Task A_version_that_knows_no_item_of_the_history_recommends_its_popular_items_and_is_named()
    {
        await FollowAsync(RolloutPlan.Default, Online);

        var made = Recommend(Catalogue("p1", "p2", "p3", "new"));

        Assert.Equal((Online.Version, Fallback.Cold), (made.Version, made.Fallback));
        Assert.Equal(["p2", "p3", "p1"], Items(made));
        Assert.All(made.Items, item => Assert.Equal(1, item.Propensity));
        Assert.Equal(made.Items.OrderByDescending(item => item.Score), made.Items);
    }

    [Fact]
    public async Task With_an_empty_catalogue_the_list_is_a_fallback_and_the_version_is_named()
    {
        await FollowAsync(RolloutPlan.Default, Online);

        var made = Recommend(ILoRA.Streaming.Items.Catalogue.Empty);

        Assert.Equal((Online.Version, Fallback.Popular), (made.Version, made.Fallback));
        Assert.Equal(["p2", "p3", "p1"], Items(made));
    }

    [Fact]
    public async Task A_recommendation_names_its_plan_arm_version_and_source_event()
    {
        var plan = RolloutPlan.Default with
        {
            Rollout = new("spring"),
            Segment = "new users",
            Arms = [new() { Name = new("trial"), Line = Frozen.Line, Version = Frozen.Version, BasisPoints = RolloutPlan.WholeTraffic }],
        };
        await FollowAsync(plan, Online, Frozen);
        var source = A.Source("sequences", 3, 14);

        var made = Recommend(Catalogue("p3"), source);

        Assert.Equal((plan.Rollout, new ArmName("trial"), Frozen.Line, Frozen.Version, "new users"),
            (made.Rollout, made.Arm, made.Line, made.Version, made.Segment));
        Assert.Equal((new RecommendationId(source.ToString()), source, new UserId("u")), (made.Id, made.Source, made.User));
    }

    [Fact]
    public async Task Users_get_the_version_of_their_own_arm()
    {
        var plan = RolloutPlan.Default with
        {
            Arms =
            [
                new() { Name = new("old"), Line = Frozen.Line, Version = null, BasisPoints = RolloutPlan.WholeTraffic / 2 },
                new() { Name = new("new"), Line = Online.Line, Version = null, BasisPoints = RolloutPlan.WholeTraffic / 2 },
            ],
        };
        await FollowAsync(plan, Online, Frozen);

        var made = Enumerable.Range(0, 50).Select(user => Recommend(Catalogue("p1"), user: $"u{user}")).ToArray();

        Assert.All(made, one => Assert.Equal(plan.Assign(one.User).Name, one.Arm));
        Assert.All(made, one => Assert.Equal(one.Arm.Value == "old" ? Frozen.Version : Online.Version, one.Version));
        Assert.Equal(2, made.Select(one => one.Arm).Distinct().Count());
    }

    [Fact]
    public async Task Shadow_lists_are_as_long_as_set_and_a_line_that_is_not_loaded_has_none()
    {
        await FollowAsync(RolloutPlan.Default with { Shadow = [new("encoder"), new("popular"), Frozen.Line, new("absent")] }, Online,
            Frozen);

        var shadow = Recommend(Catalogue("p1", "p2", "p3", "new")).Shadow!;

        Assert.Equal(["encoder", "frozen", "popular"], shadow.Keys.Select(line => line.Value).Order());
        Assert.Equal(["p2", "p3"], shadow[new("popular")].Select(item => item.Value));
        // The encoder knows no item of the history, so its list is that of the popular items.
        Assert.Equal(["p2", "p3"], shadow[new("encoder")].Select(item => item.Value));
        Assert.Equal(["p3", "new"], shadow[Frozen.Line].Select(item => item.Value));
    }

    [Fact]
    public async Task A_plan_without_shadow_lines_has_no_shadow()
    {
        await FollowAsync(RolloutPlan.Default with { Shadow = [] }, Online);

        Assert.Null(Recommend(Catalogue("p1")).Shadow);
    }

    [Theory]
    [InlineData(-250, 250)]
    [InlineData(3, 0)]
    public void The_queue_time_starts_at_the_arrival_and_is_never_negative(double arrived, double queued)
    {
        time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);

        var made = Recommend(Catalogue("a"), arrived: A.Start.AddMilliseconds(arrived));

        Assert.Equal(queued, made.Latency!.Queue);
        Assert.True(made.Time > A.Start);
    }

    [Fact]
    public async Task A_version_is_released_after_its_recommendation()
    {
        await FollowAsync(RolloutPlan.Default with { Shadow = [Frozen.Line] }, Online, Frozen);
        Recommend(Catalogue("p1"));

        await FollowAsync(RolloutPlan.Default, Newer);

        Assert.False(versions[Online.Key].TryHold());
        Assert.False(versions[Frozen.Key].TryHold());
        Assert.Equal(Newer.Version, Recommend(Catalogue("p1")).Version);
    }

    public void Dispose() => plans.Dispose();

    private RecommendationEvent Recommend(Catalogue catalogue, SourcePosition? source = null, DateTimeOffset? arrived = null,
        string user = "u") =>
        new Recommender(plans, new Ranker(options.Limits), new FallbackRanker(live), Options.Create(options), time)
            .Recommend(A.Sequence(user, ["unknown"]), source ?? A.Source("sequences"), arrived ?? A.Start, catalogue);

    private Task FollowAsync(RolloutPlan plan, params AdapterManifest[] announced) =>
        plans.FollowAsync(plan, announced, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Items(RecommendationEvent made) => made.Items.Select(item => item.Item.Value);

    private static Catalogue Catalogue(params string[] items)
    {
        var builder = new CatalogueBuilder();
        foreach (var item in items)
            builder.Apply(new ItemEvent { Item = new(item), Title = item });
        return builder.Current;
    }
}
