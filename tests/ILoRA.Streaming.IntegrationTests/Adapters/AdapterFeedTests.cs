using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.IntegrationTests.Adapters;

public sealed class AdapterFeedTests : IClassFixture<EmbeddedServers>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly LineName Online = new("online");
    private readonly IOptions<KafkaOptions> kafka;
    private readonly ConnectionMultiplexer redis;
    private readonly EventProducer producer;
    private readonly RedisSnapshotStore store;
    private readonly DependencyRetry retry;
    private readonly AdapterAnnouncer announcer;
    private readonly AdapterFeed feed;

    public AdapterFeedTests(EmbeddedServers servers)
    {
        kafka = Options.Create(new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(servers.NewPrefix()) });
        redis = ConnectionMultiplexer.Connect(servers.Redis);
        producer = new(kafka, SilentDependencies.Create(), NullLogger<EventProducer>.Instance);
        store = new(redis, new RedisOptions { Namespace = kafka.Value.Namespace }.KeyPrefix);
        retry = new(kafka.Value.RetryBudget, TimeProvider.System, SilentDependencies.Create());
        announcer = new(store, producer, retry, TimeProvider.System, NullLogger<AdapterAnnouncer>.Instance);
        feed = new(kafka, SilentDependencies.Create(), NullLogger<AdapterFeed>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_version_is_heard_of_and_loads_bit_for_bit()
    {
        var snapshot = SmallSnapshot.Create();
        var published = await announcer.PublishAsync(snapshot, Release("online-000001", null), Cancel);
        await feed.StartAsync(Cancel);
        await feed.CaughtUp.WaitAsync(Patience, Cancel);

        var heard = feed.Registry.Newest(Online)!;
        Assert.Equal((published.Version, published.Parent, 1042L), (heard.Version, heard.Parent, heard.Offsets["sequences-0"]));
        var loaded = await new SnapshotLoader(store, retry).LoadAsync(heard, Cancel);
        Assert.Equal(SnapshotParts.Write(snapshot), SnapshotParts.Write(loaded));
    }

    [Fact]
    public async Task A_retired_version_is_forgotten_and_only_its_own_parts_with_it()
    {
        await feed.StartAsync(Cancel);
        var first = await announcer.PublishAsync(SmallSnapshot.Create(), Release("online-000001", null), Cancel);
        var second = await announcer.PublishAsync(SmallSnapshot.Create(gate: 0.25f), Release("online-000002", first.Version), Cancel);
        await Eventually.Holds("both are heard of", () => feed.Registry.Count == 2);

        await announcer.RetireAsync(feed.Registry, [feed.Registry.Find(Online, first.Version)!], Cancel);
        await Eventually.Holds("the first is forgotten", () => feed.Registry.Count == 1);
        Assert.Equal(second.Version, feed.Registry.Newest(Online)!.Version);
        await Assert.ThrowsAsync<MissingPartException>(() => store.GetAsync(first.Parts[SnapshotParts.Gate], Cancel));
        await new SnapshotLoader(store, retry).LoadAsync(second, Cancel);
    }

    [Fact]
    public async Task A_version_that_no_worker_could_load_is_neither_stored_nor_announced()
    {
        var broken = SmallSnapshot.Create(gate: float.NaN);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => announcer.PublishAsync(broken, Release("online-000001", null), Cancel));

        Assert.Contains("Version online-000001 of line online is not published", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'gate'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(redis.GetServers()[0].Keys(pattern: $"{new RedisOptions { Namespace = kafka.Value.Namespace }.KeyPrefix}*"));
        using var probe = new TopicProbe(kafka.Value.Bootstrap);
        Assert.Empty(probe.Records(kafka.Value.Topics.Adapters));
    }

    [Fact]
    public async Task A_manifest_under_another_key_is_skipped()
    {
        using var probe = new TopicProbe(kafka.Value.Bootstrap);
        await probe.SendAsync(kafka.Value.Topics.Adapters, "online/online-000009",
            (await announcer.PublishAsync(SmallSnapshot.Create(), Release("online-000001", null), Cancel)));
        await feed.StartAsync(Cancel);
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.Equal(1, feed.Registry.Count);
    }

    public void Dispose()
    {
        feed.Dispose();
        producer.Dispose();
        redis.Dispose();
    }

    private static AdapterRelease Release(string version, AdapterVersion? parent) => new()
    {
        Line = Online,
        Version = new(version),
        Parent = parent,
        Offsets = new Dictionary<string, long> { ["sequences-0"] = 1042 },
        Events = A.Start,
        Metrics = new Dictionary<string, double> { ["hr10"] = 0.125 },
    };
}
