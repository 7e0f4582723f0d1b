using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Recommendations;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.IntegrationTests.Ingest;

public sealed class IngestWorkerTests(EmbeddedServers servers) : IngestTests(servers)
{
    [Fact]
    public async Task Each_click_emits_the_sequence_as_of_that_click()
    {
        await using var ingest = await StartAsync();

        await ClickAsync("u", "a", 0);
        await ClickAsync("u", "b", 1);

        var sequences = await SequencesAsync(2);
        Assert.Equal([["a"], ["a", "b"]], sequences.Select(sequence => sequence.Items.Select(item => item.Value)));
        Assert.Equal(A.Start.AddSeconds(1), sequences[1].Time);
        Assert.Equal(Topics.Clicks, sequences[1].Source.Topic);
    }

    [Fact]
    public async Task Sequences_carry_cloud_event_headers_and_the_clicks_trace()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var ingest = await StartAsync();

        var sent =
            await Probe.SendRawAsync(Topics.Clicks, "u", EventJson.Write(A.Click("u")),
                new() { { "traceparent", Encoding.UTF8.GetBytes(trace) } });

        await SequencesAsync(1);
        var record = Probe.Records(Topics.Sequences).Single();
        Assert.Equal($"{Topics.Clicks}-{sent.Partition.Value}-{sent.Offset.Value}", TopicProbe.Header(record, "ce_id"));
        Assert.Equal("ilora.sequence.v1", TopicProbe.Header(record, "ce_type"));
        Assert.Equal("2026-01-01T00:00:00.000Z", TopicProbe.Header(record, "ce_time"));
        Assert.Equal(trace, TopicProbe.Header(record, "traceparent"));
        Assert.Equal("u", Encoding.UTF8.GetString(record.Message.Key));
    }

    [Fact]
    public async Task Poison_goes_unchanged_to_the_dead_letters_and_the_rest_goes_on()
    {
        await using var ingest = await StartAsync();
        var poison = "{\"user\":\"u\",\"item\":7}"u8.ToArray();

        var sent = await Probe.SendRawAsync(Topics.Clicks, "u", poison, new() { { "site", "shop"u8.ToArray() } });
        await Probe.SendRawAsync(Topics.Clicks, "u", null);
        await ClickAsync("u", "a", 0);

        await SequencesAsync(1);
        await Eventually.Holds("both letters are there", () => Probe.Records(Topics.DeadLetters).Count == 2);
        var letter = Probe.Records(Topics.DeadLetters)[0];
        Assert.Equal(poison, letter.Message.Value);
        Assert.Equal("u", Encoding.UTF8.GetString(letter.Message.Key));
        Assert.Equal("shop", TopicProbe.Header(letter, "site"));
        Assert.Equal(Topics.Clicks, TopicProbe.Header(letter, DeadLetters.Topic));
        Assert.Equal($"{sent.Offset.Value}", TopicProbe.Header(letter, DeadLetters.Offset));
        Assert.Contains("item", TopicProbe.Header(letter, DeadLetters.Reason), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clicks_in_the_envelope_that_the_option_names_are_read_and_in_another_put_aside_by_name()
    {
        await using var ingest = await StartAsync("--Kafka:Envelopes:clicks=cloudevents");
        var click = EventJson.Write(A.Click("u", "a"));

        await Probe.SendRawAsync(Topics.Clicks, "u",
            [.. """{"specversion":"1.0","type":"shop.click","source":"/shop","id":"1","data":"""u8, .. click, .. "}"u8]);
        await Probe.SendRawAsync(Topics.Clicks, "u", [0, 0, 0, 0, 9, .. click]);

        Assert.Equal("a", Assert.Single(Assert.Single(await SequencesAsync(1)).Items).Value);
        await Eventually.Holds("the other one is put aside", () => Probe.Records(Topics.DeadLetters).Count == 1);
        Assert.StartsWith(
            "the value (schema id 9) is in the Confluent wire format; set Kafka:Envelopes:clicks=confluent,cloudevents",
            TopicProbe.Header(Probe.Records(Topics.DeadLetters)[0], DeadLetters.Reason), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_click_id_is_applied_once()
    {
        await using var ingest = await StartAsync();

        await Probe.SendAsync(Topics.Clicks, "u", A.Click("u", "a", 0, id: "c1"));
        await Probe.SendAsync(Topics.Clicks, "u", A.Click("u", "a", 0, id: "c1"));
        await ClickAsync("u", "b", 1);

        Assert.Equal(["a", "b"], (await SequencesAsync(2))[^1].Items.Select(item => item.Value));
    }

    [Fact]
    public async Task What_was_applied_but_not_committed_is_emitted_again_and_not_applied_twice()
    {
        await using (await StartAsync())
        {
            await ClickAsync("u", "a", 0);
            await ClickAsync("u", "b", 1);
            await SequencesAsync(2);
        }
        // As after a kill between the write and the commit: the group knows nothing, the store has both clicks.
        await using var ingest = await StartAsync("--Ingest:Group=other");
        await ClickAsync("u", "c", 2);

        var sequences = await SequencesAsync(5);
        Assert.Equal([["a"], ["a", "b"], ["a"], ["a", "b"], ["a", "b", "c"]],
            sequences.Select(sequence => sequence.Items.Select(item => item.Value)));
    }

    [Fact]
    public async Task A_restart_reads_on_at_the_commit()
    {
        await using (await StartAsync())
        {
            await ClickAsync("u", "a", 0);
            await SequencesAsync(1);
        }
        await using var ingest = await StartAsync();

        await ClickAsync("u", "b", 1);

        Assert.Equal([["a"], ["a", "b"]], (await SequencesAsync(2)).Select(sequence => sequence.Items.Select(item => item.Value)));
    }

    [Fact]
    public async Task A_store_that_lost_everything_while_running_is_rebuilt_without_emitting_twice()
    {
        await using var ingest = await StartAsync();
        await ClickAsync("u", "a", 0);
        await SequencesAsync(1);
        await Eventually.Holds("the first click is committed", () => Committed() == 1);
        var redis = ingest.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var keys = new SequenceKeys(ingest.Services.GetRequiredService<IOptions<RedisOptions>>().Value.KeyPrefix);
        await redis.KeyDeleteAsync(
            [keys.Sequence("u"), .. Enumerable.Range(0, EmbeddedServers.Partitions).Select(p => keys.Progress(new(Topics.Clicks, p)))]);

        await ClickAsync("u", "b", 1);

        Assert.Equal([["a"], ["a", "b"]], (await SequencesAsync(2)).Select(sequence => sequence.Items.Select(item => item.Value)));
    }

    [Fact]
    public async Task A_click_that_follows_a_recommendation_makes_an_outcome()
    {
        await using var ingest = await StartAsync();
        var sent = await ClickAsync("u", "a", 0);
        await SequencesAsync(1);
        var store = ActivatorUtilities.CreateInstance<LastRecommendationStore>(ingest.Services);
        await store.SaveAsync(
            [(new UserId("u"),
                EventJson.Write(A.Recommendation("u", ["x", "b"], "r1", A.Source(Topics.Clicks, sent.Partition, sent.Offset))))]);

        await ClickAsync("u", "b", 2);

        await SequencesAsync(2);
        await Eventually.Holds("the outcome is there", () => Probe.Records(Topics.Outcomes).Count == 1);
        var outcome = Probe.Events<OutcomeEvent>(Topics.Outcomes).Single();
        Assert.Equal(("r1", "b", 2, 2.0), (outcome.Recommendation.Value, outcome.Item.Value, outcome.Rank!.Value, outcome.Delay));
    }

    [Fact]
    public async Task Two_workers_share_the_partitions_and_apply_each_click_once()
    {
        await using var first = await StartAsync();
        var clicks = Enumerable.Range(0, 60).Select(i => A.Click($"u{i % 6}", $"i{i}", i)).ToArray();
        foreach (var click in clicks[..20])
            await Probe.SendAsync(Topics.Clicks, click.User.Value, click);
        await using (await StartAsync())
            foreach (var click in clicks[20..])
                await Probe.SendAsync(Topics.Clicks, click.User.Value, click);

        await Eventually.Holds("all are applied", () => Newest().Values.Sum(items => items.Count) == 60);
        foreach (var (user, items) in Newest())
            Assert.Equal(clicks.Where(click => click.User.Value == user).Select(click => click.Item.Value), items);
    }

    private Dictionary<string, List<string>> Newest() => Probe.Events<SequenceEvent>(Topics.Sequences)
        .GroupBy(sequence => sequence.User.Value)
        .ToDictionary(user => user.Key, user => user.MaxBy(s => s.Source.Offset)!.Items.Select(item => item.Value).ToList());

    private long Committed()
    {
        using var consumer =
            new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Bootstrap, GroupId = Group }).Build();
        var partitions = Enumerable.Range(0, EmbeddedServers.Partitions).Select(p => new TopicPartition(Topics.Clicks, p));
        return consumer.Committed(partitions, TimeSpan.FromSeconds(5)).Sum(c => c.Offset.IsSpecial ? 0 : c.Offset.Value);
    }
}
