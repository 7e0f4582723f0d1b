using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference.Serving;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ILoRA.Streaming.ModelTests.Inference;

public sealed class InferenceWorkerTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IAsyncLifetime
{
    private static readonly Backbone Backbone = Backbone.Load(RandomModel.BackboneFolder);
    private readonly TopicProbe probe = new(servers.Bootstrap);
    private readonly Topics topics = new(servers.NewPrefix());
    private WebApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var entry in RandomModel.Catalogue(RandomModel.Known).Current.Entries)
            await probe.SendAsync(topics.Items, entry.Item.Value, new ItemEvent { Item = entry.Item, Title = entry.Title });
        string[] flags =
        [
            $"--bootstrap={servers.Bootstrap}", $"--redis={servers.Redis}", $"--namespace={topics.Prefix}",
            $"--Inference:Backbone={RandomModel.BackboneFolder}", "--Logging:LogLevel:Default=Warning",
        ];
        var builder = StreamHost.CreateBuilder(flags, "ilora-inference");
        builder.Services.AddInference(builder.Configuration);
        app = builder.Build();
        await app.StartAsync();
    }

    [Fact]
    public async Task Sequence_is_answered_by_the_newest_version_with_gate_source_and_latency()
    {
        await PublishAsync("online", 1);
        await Serving("online-000001");
        var sent = await SendAsync("u1", "i3", "i7");

        var answer = await AnswerAsync("u1");

        Assert.Equal("online-000001", answer.Version.Value);
        Assert.Equal($"{topics.Sequences}-{sent.Partition.Value}-{sent.Offset.Value}", answer.Id.Value);
        Assert.Equal(sent.Offset.Value, answer.Source.Offset);
        Assert.Equal(20, answer.Items.Count);
        Assert.Equal(4, answer.Gate.Count);
        Assert.Null(answer.Fallback);
        Assert.NotNull(answer.Latency);
        await Eventually.Holds("the last recommendation is in Redis", async () =>
            await app.Services.GetRequiredService<LastRecommendationStore>().ReadAsync(new UserId("u1")) is { } last
                && last.Id == answer.Id);
    }

    [Fact]
    public async Task Without_a_version_the_most_clicked_items_are_served_and_marked()
    {
        await SendAsync("u1", "i3");

        var answer = await AnswerAsync("u1");

        Assert.Equal(Fallback.Popular, answer.Fallback);
        Assert.Equal("none", answer.Version.Value);
        Assert.Equal("i3", answer.Items[0].Item.Value);
    }

    [Fact]
    public async Task Plan_that_is_applied_while_serving_takes_over_with_its_shadow_lines()
    {
        await PublishAsync("online", 1);
        await PublishAsync("frozen", 1);
        await Serving("online-000001");
        var plan = RolloutPlan.Default with
        {
            Rollout = new RolloutName("trial"),
            Arms = [new Arm { Name = new ArmName("all"), Line = new LineName("frozen"), Version = new AdapterVersion("frozen-000001"),
                BasisPoints = RolloutPlan.WholeTraffic }],
            Shadow = [new LineName("encoder"), new LineName("popular"), new LineName("online")],
        };
        await probe.SendAsync(topics.Rollouts, "trial", plan);
        await Serving("frozen-000001");
        await SendAsync("u1", "i3", "i7");

        var answer = await AnswerAsync("u1");

        Assert.Equal(("frozen-000001", "all", "trial"), (answer.Version.Value, answer.Arm.Value, answer.Rollout.Value));
        Assert.Equal(["encoder", "online", "popular"], answer.Shadow!.Keys.Select(line => line.Value).Order());
        Assert.All(answer.Shadow.Values, list => Assert.Equal(10, list.Count));
        Assert.Equal("i39", answer.Shadow[new LineName("popular")][0].Value);
    }

    [Fact]
    public async Task Version_with_broken_bytes_is_refused_and_the_previous_one_stays_in_service()
    {
        await PublishAsync("online", 1);
        await Serving("online-000001");
        var good = app.Services.GetRequiredService<AdapterFeed>().Registry.Newest(new LineName("online"))!;
        var broken = good with
        {
            Version = new AdapterVersion("online-000002"),
            Created = good.Created.AddMinutes(1),
            Parts = good.Parts.ToDictionary(
                part => part.Key, part => part.Key == "gate" ? part.Value with { Bytes = part.Value.Bytes + 1 } : part.Value),
        };
        await probe.SendAsync(topics.Adapters, broken.Key, broken);

        await Eventually.Holds("the version is refused", () => Keeper.Status.Refused.ContainsKey(broken.Key));

        Assert.Equal("online-000001", Served);
    }

    [Fact]
    public async Task The_report_has_the_served_version_its_known_shares_and_the_pending_plan()
    {
        await PublishAsync("online", 1);
        await SendAsync("u1", "i3", "i7");
        await AnswerAsync("u1");
        var plan = RolloutPlan.Default with
        {
            Rollout = new RolloutName("trial"),
            Arms = [new Arm { Name = new ArmName("all"), Line = new LineName("absent"), Version = null,
                BasisPoints = RolloutPlan.WholeTraffic }],
        };
        await probe.SendAsync(topics.Rollouts, "trial", plan);

        var reports = app.Services.GetRequiredService<ServingReports>();
        ServingReport? report = null;
        await Eventually.Holds("the plan is reported as pending", async () =>
            (report = (await reports.ReadAsync()).SingleOrDefault().Report) is { Pending: not null, Arms: [{ ClickedKnown: not null }] },
                seen: () => $"{report}");

        Assert.Equal(new ServedRollout(new("default"), 1), report!.Plan);
        Assert.Equal(new ServedArm(new("online"), new("online"), new("online-000001"), 1, 1), Assert.Single(report.Arms));
        Assert.Equal((new RolloutName("trial"), "arm all follows line absent, which has no usable version"),
            (report.Pending!.Rollout, report.Pending.Reason));

        await app.StopAsync(TestContext.Current.CancellationToken);
        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(servers.Redis);
        Assert.Empty(
            await new ServingReports(redis,
                app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<RedisOptions>>()).ReadAsync());
    }

    [Fact]
    public async Task An_invalid_record_goes_to_the_dead_letters_and_the_next_sequence_is_answered()
    {
        await probe.SendRawAsync(topics.Sequences, "u1", "{}"u8.ToArray());
        await SendAsync("u1", "i3");

        await AnswerAsync("u1");

        await Eventually.Holds("the dead letter is there", () => probe.Records(topics.DeadLetters).Count == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        probe.Dispose();
    }

    private PlanKeeper Keeper => app.Services.GetRequiredService<PlanKeeper>();

    private string? Served => Keeper.Current?.Arms.Values.Single().Version.Value;

    private Task Serving(string version) =>
        Eventually.Holds($"{version} is served", () => Served == version, seen: () => Served ?? "nothing");

    private Task<AdapterManifest> PublishAsync(string line, int seed) => app.Services.GetRequiredService<AdapterAnnouncer>().PublishAsync(
        RandomModel.Snapshot(Backbone, seed),
        new AdapterRelease { Line = new LineName(line), Version = new AdapterVersion($"{line}-{seed:D6}") },
        TestContext.Current.CancellationToken);

    private Task<Confluent.Kafka.DeliveryResult<byte[], byte[]>> SendAsync(string user, params string[] items) =>
        probe.SendAsync(topics.Sequences, user, A.Sequence(user, items));

    private async Task<RecommendationEvent> AnswerAsync(string user)
    {
        RecommendationEvent? answer = null;
        await Eventually.Holds($"{user} has a recommendation",
            () => (answer =
                probe.Events<RecommendationEvent>(topics.Recommendations).LastOrDefault(made => made.User.Value == user)) is not null);
        return answer!;
    }
}
