using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Sequences;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.IntegrationTests.Stores;

/// <summary>What every server that keeps sequences must do.</summary>
public abstract class SequenceStoreContract(string connection) : IAsyncDisposable
{
    private const int Capacity = 4;
    private static readonly TopicPartition Clicks = new("clicks", 0);
    private readonly ConnectionMultiplexer redis = ConnectionMultiplexer.Connect($"{connection},allowAdmin=true");
    private readonly IOptions<RedisOptions> server =
        Options.Create(new RedisOptions { Connection = connection, Namespace = new($"{Guid.NewGuid():N}.") });
    private readonly IOptions<SequenceOptions> options = Options.Create(new SequenceOptions { Capacity = Capacity });

    private SequenceStore Store => new(redis, server, options);

    private SequenceApply Sequences => new(Store, options);

    [Fact]
    public async Task Clicks_of_a_batch_become_the_plain_fold()
    {
        var fold = new ClickFold(Capacity);
        var random = new Random(7);
        await Store.StartAsync(Clicks, new(1, 0));
        for (var batch = 0; batch < 10; batch++)
        {
            var clicks =
                Enumerable.Range(0, 40)
                    .Select(i => Received((40 * batch) + i, $"u{random.Next(5)}", $"i{random.Next(30)}", random.Next(1_000))).ToArray();
            foreach (var click in clicks)
                fold.Add(click.Event.User.Value, click.Event.Item.Value, click.Event.Time.ToUnixTimeMilliseconds());
            await Sequences.ApplyAsync(clicks, [new(Clicks, 1, 40 * batch, (40 * batch) + 40)]);
        }
        foreach (var user in fold.Users)
            Assert.Equal(fold.Items(user), await ItemsAsync(user));
        Assert.Equal(new Progress(1, 400), await Store.ProgressAsync(Clicks));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_order_of_arrival_in_any_batches_keeps_the_same_history(int seed)
    {
        var random = new Random(seed);
        // Two clicks of each user, a year before the others, reach no further than a history that is not full.
        var clicks = Enumerable.Range(0, 60).Select(i => (User: $"u{i % 7}", Item: $"i{i}", Seconds: i < 14 ? i - 3e7 : 1e3 * i)).Concat(
            [(User: "few", Item: "old", Seconds: -3e7), (User: "few", Item: "new", Seconds: 5.0)]).ToArray();
        random.Shuffle(clicks);
        for (var (offset, batch) = (0L, 0); offset < clicks.Length; offset += batch)
        {
            batch = Math.Min(random.Next(1, 9), clicks.Length - (int)offset);
            await Sequences.ApplyAsync(
                [.. clicks.Skip((int)offset).Take(batch).Select((click, i) => Received(offset + i, click.User, click.Item, click.Seconds))],
                []);
        }
        foreach (var user in clicks.GroupBy(click => click.User))
            Assert.Equal(user.OrderBy(click => click.Seconds).Select(click => click.Item).TakeLast(Capacity), await ItemsAsync(user.Key));
    }

    [Fact]
    public async Task A_redelivered_batch_changes_nothing_and_emits_the_same_again()
    {
        ReceivedClick[] clicks = [Received(0, "u", "a", 0), Received(1, "u", "b", 1), Received(2, "u", "c", 2)];
        var first = await Sequences.ApplyAsync(clicks, []);

        var again = await Sequences.ApplyAsync(clicks, []);

        Assert.All(again, applied => Assert.Equal(Appended.Before, applied.How));
        Assert.Equal(first.Select(applied => Items(applied.Emit!)), again.Select(applied => Items(applied.Emit!)));
        Assert.Equal(["a", "b", "c"], await ItemsAsync("u"));
    }

    [Fact]
    public async Task A_write_over_someone_elses_is_refused_and_folded_again()
    {
        var read = (await Store.ReadAsync(["u"]))[0].Sequence;
        await Sequences.ApplyAsync([Received(0, "u", "theirs", 0)], []);

        var refused = await Store.WriteAsync([new("u", read, read.Append(Received(1, "u", "mine", 1).Click, Capacity).Next)], []);

        Assert.Equal([0], refused);
        Assert.Equal(["theirs"], await ItemsAsync("u"));
    }

    [Theory]
    [InlineData(null)]    // the key is gone
    [InlineData("1 4")]   // older than what was applied
    [InlineData("2 9")]   // another incarnation of the log
    public async Task A_store_that_lost_data_takes_no_write(string? stored)
    {
        if (stored is not null)
            await redis.GetDatabase().StringSetAsync(new SequenceKeys(server.Value.KeyPrefix).Progress(Clicks), stored);

        await Assert.ThrowsAsync<StateLostException>(() => Sequences.ApplyAsync([Received(5, "u", "a", 0)], [new(Clicks, 1, 5, 6)]));

        Assert.Empty(await ItemsAsync("u"));
    }

    [Fact]
    public async Task Progress_never_goes_back()
    {
        await Store.StartAsync(Clicks, new(1, 10));

        await Sequences.ApplyAsync([], [new(Clicks, 1, 3, 4)]);

        Assert.Equal(new Progress(1, 10), await Store.ProgressAsync(Clicks));
    }

    [Fact]
    public async Task The_script_is_sent_again_to_a_server_that_forgot_it()
    {
        await Sequences.ApplyAsync([Received(0, "u", "a", 0)], []);
        foreach (var endpoint in redis.GetServers())
            await endpoint.ScriptFlushAsync();

        await Sequences.ApplyAsync([Received(1, "u", "b", 1)], []);

        Assert.Equal(["a", "b"], await ItemsAsync("u"));
    }

    [Fact]
    public async Task The_first_click_after_a_recommendation_is_its_outcome_once()
    {
        ReceivedClick[] clicks = [Received(0, "u", "a", 0), Received(1, "u", "b", 3), Received(2, "u", "c", 4)];
        await Sequences.ApplyAsync(clicks[..1], []);
        await new LastRecommendationStore(redis, server, options).SaveAsync(
            [(new UserId("u"), EventJson.Write(A.Recommendation("u", ["x", "b"], "r7", seconds: 1)))]);

        // The first comes again after it was answered: the list knows it, so it is not that list's outcome.
        var applied = await Sequences.ApplyAsync(clicks, []);

        Assert.Equal([null, "r7", null], applied.Select(click => click.Outcome?.Event.Id.Value));
        var outcome = applied[1].Outcome!.Outcome(clicks[1].Event);
        Assert.Equal((2, 2.0), (outcome.Rank!.Value, outcome.Delay));
        Assert.Equal([null, "r7", null], (await Sequences.ApplyAsync(clicks, [])).Select(click => click.Outcome?.Event.Id.Value));
    }

    [Theory]
    [InlineData(null, null)]   // made before a click that the list answers
    [InlineData("r7", "r7")]
    [InlineData("r6", null)]
    public async Task A_late_click_is_an_outcome_only_where_it_names_the_recommendation(string? named, string? outcome)
    {
        await Sequences.ApplyAsync([Received(0, "u", "a", 5)], []);
        await new LastRecommendationStore(redis, server, options).SaveAsync(
            [(new UserId("u"), EventJson.Write(A.Recommendation("u", ["x", "b"], "r7", seconds: 6)))]);

        ReceivedClick[] clicks = [Received(1, "u", "late", 4, named), Received(2, "u", "b", 7)];

        string?[] expected = [outcome, outcome is null ? "r7" : null];
        Assert.Equal(expected, (await Sequences.ApplyAsync(clicks, [])).Select(click => click.Outcome?.Event.Id.Value));
        Assert.Equal(expected, (await Sequences.ApplyAsync(clicks, [])).Select(click => click.Outcome?.Event.Id.Value));
    }

    [Fact]
    public async Task A_user_expires()
    {
        await Sequences.ApplyAsync([Received(0, "u", "a", 0)], []);

        var expiry = await redis.GetDatabase().KeyTimeToLiveAsync(new SequenceKeys(server.Value.KeyPrefix).Sequence("u"));

        Assert.InRange(expiry!.Value, options.Value.Expiry - TimeSpan.FromMinutes(1), options.Value.Expiry);
    }

    public async ValueTask DisposeAsync()
    {
        await redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static ReceivedClick Received(long offset, string user, string item, double seconds, string? recommendation = null) =>
        ReceivedClick.Read(A.Record(EventJson.Write(A.Click(user, item, seconds, recommendation: recommendation)), offset: offset),
            new KafkaOptions().ClickFormat(), LogPosition.TopicCode("clicks"), epoch: 1);

    private async Task<List<string>> ItemsAsync(string user) => Items((await Store.ReadAsync([user]))[0].Sequence);

    private static List<string> Items(Sequence sequence)
    {
        var items = new List<string>(sequence.Count);
        foreach (var entry in sequence)
            items.Add(Encoding.UTF8.GetString(entry.Item));
        return items;
    }
}
