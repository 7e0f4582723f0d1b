using System.Text;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.IntegrationTests;

/// <summary>Two environments on the same Kafka and Redis.</summary>
public sealed class NamespaceTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>
{
    private static readonly IOptions<SequenceOptions> Options = Microsoft.Extensions.Options.Options.Create(new SequenceOptions());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_of_both_environments_has_a_history_in_each()
    {
        using var probe = new TopicProbe(servers.Bootstrap);
        foreach (var scope in new[] { servers.NewPrefix(), servers.NewPrefix() })
        {
            var topics = new Topics(scope);
            await using var ingest = await IngestHost.StartAsync(servers.Bootstrap, servers.Redis, scope);
            await probe.SendAsync(topics.Clicks, "ann", A.Click(user: "ann", item: $"item-of-{scope}"));
            await Eventually.Holds("the click is answered", () => probe.Records(topics.Sequences).Count == 1);
            Assert.Equal([$"item-of-{scope}"],
                Assert.Single(probe.Events<SequenceEvent>(topics.Sequences)).Items.Select(item => item.Value));
        }
    }

    [Fact]
    public async Task Every_key_of_an_environment_begins_with_its_namespace()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        await FillAsync(redis, Here("keys."));

        var keys = redis.GetServers()[0].Keys(pattern: "keys.*").Select(key => $"{key}").Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(4, keys.Length);
        Assert.All(keys, key => Assert.StartsWith("keys.ilora:", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_one_environment_wrote_another_does_not_read()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        var part = await FillAsync(redis, Here("one."));
        var (one, other) = (Here("one."), Here("other."));

        Assert.Equal((int[])[1, 0], await CountsAsync(redis, one, other));
        Assert.NotNull(await new LastRecommendationStore(redis, one, Options).ReadAsync(new("ann")));
        Assert.Null(await new LastRecommendationStore(redis, other, Options).ReadAsync(new("ann")));
        Assert.Null(await new SequenceStore(redis, other, Options).ProgressAsync(new("clicks", 0)));
        Assert.Equal("part", Encoding.UTF8.GetString(await new RedisSnapshotStore(redis, one.Value.KeyPrefix).GetAsync(part, Cancel)));
        await Assert.ThrowsAsync<MissingPartException>(() => new RedisSnapshotStore(redis, other.Value.KeyPrefix).GetAsync(part, Cancel));
    }

    [Fact]
    public async Task A_users_keys_stay_in_one_slot_of_a_cluster()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis);
        var keys = new SequenceKeys(Here("eu.shop_1-").Value.KeyPrefix);
        Assert.Equal(redis.HashSlot("ann"), redis.HashSlot(keys.Sequence("ann")));
        Assert.Equal(redis.HashSlot("ann"), redis.HashSlot(keys.Recommendation("ann")));
    }

    private static async Task<int[]> CountsAsync(IConnectionMultiplexer redis, params IOptions<RedisOptions>[] scopes) =>
        await Task.WhenAll(
            scopes.Select(async scope => (await new SequenceStore(redis, scope, Options).ReadAsync(["ann"]))[0].Sequence.Count));

    private static IOptions<RedisOptions> Here(string scope) =>
        Microsoft.Extensions.Options.Options.Create(new RedisOptions { Namespace = new(scope) });

    /// <summary>
    /// Everything that a stream leaves in Redis for one user: a history, a partition's progress, a last recommendation and a part of a
    /// version.
    /// </summary>
    private static async Task<SnapshotPart> FillAsync(IConnectionMultiplexer redis, IOptions<RedisOptions> scope)
    {
        var store = new SequenceStore(redis, scope, Options);
        await store.StartAsync(new("clicks", 0), new(1, 0));
        var record = A.Record(EventJson.Write(A.Click(user: "ann")));
        var click = ReceivedClick.Read(record, new KafkaOptions().ClickFormat(), LogPosition.TopicCode("clicks"), 1);
        await new SequenceApply(store, Options).ApplyAsync([click], [new(new("clicks", 0), 1, 0, 1)]);
        await new LastRecommendationStore(redis, scope, Options).SaveAsync(
            [(new("ann"), EventJson.Write(A.Recommendation("ann", ["i1"])))]);
        return await new RedisSnapshotStore(redis, scope.Value.KeyPrefix).PutAsync("part"u8.ToArray(), Cancel);
    }
}
