using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Ingest;

public sealed class CompactedTopicsCheckTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>
{
    [Fact]
    public async Task Unreadable_items_manifests_and_plans_are_put_aside_once_with_the_reason()
    {
        var prefix = servers.NewPrefix();
        var topics = new Topics(prefix);
        using var probe = new TopicProbe(servers.Bootstrap);
        await probe.SendRawAsync(topics.Items, "a", """{"item":"a"}"""u8.ToArray());
        await probe.SendRawAsync(topics.Items, "b", """{"item":"a","title":"A"}"""u8.ToArray());
        await probe.SendAsync(topics.Items, "a", new ItemEvent { Item = new("a"), Title = "A" });
        await probe.SendRawAsync(topics.Items, "a", null);
        await probe.SendRawAsync(topics.Adapters, "online/online-000001", "{}"u8.ToArray());
        await probe.SendRawAsync(topics.Rollouts, "default", "[]"u8.ToArray());

        await using (await IngestHost.StartAsync(servers.Bootstrap, servers.Redis, prefix))
            await Eventually.Holds("four are put aside", () => probe.Records(topics.DeadLetters).Count == 4);
        // A restart goes on where the first left off.
        await using (await IngestHost.StartAsync(servers.Bootstrap, servers.Redis, prefix))
        {
            await probe.SendRawAsync(topics.Rollouts, "default", "{}"u8.ToArray());
            await Eventually.Holds("the fifth is put aside", () => probe.Records(topics.DeadLetters).Count >= 5);
        }
        var letters = probe.Records(topics.DeadLetters);
        Assert.Equal(5, letters.Count);
        Assert.Contains(letters,
            letter => TopicProbe.Header(letter, DeadLetters.Reason) == "$: lacks 'title'"
                && TopicProbe.Header(letter, DeadLetters.Topic) == topics.Items);
        Assert.Contains(letters,
            letter => TopicProbe.Header(letter, DeadLetters.Reason)!.StartsWith("the key is b", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_and_tombstones_of_a_table_are_put_aside_with_the_option_that_reads_them_and_not_where_it_is_set()
    {
        const string change = """{"before":null,"after":{"id":1004,"name":"Mug"},"op":"c"}""";
        var (without, with) = (servers.NewPrefix(), servers.NewPrefix());
        using var probe = new TopicProbe(servers.Bootstrap);
        foreach (var items in new[] { new Topics(without).Items, new Topics(with).Items })
        {
            await probe.SendRawAsync(items, """{"id":1004}""", Encoding.UTF8.GetBytes(change));
            await probe.SendRawAsync(items, """{"id":1004}""", null);
            await probe.SendRawAsync(items, "last", "no item"u8.ToArray());
        }
        string[] set = ["--Kafka:Envelopes:items=debezium", "--Kafka:Fields:items:item=id", "--Kafka:Fields:items:title=name"];

        await using (await IngestHost.StartAsync(servers.Bootstrap, servers.Redis, without))
            await Eventually.Holds("three are put aside", () => Reasons(probe, without).Count == 3);
        await using (await IngestHost.StartAsync(servers.Bootstrap, servers.Redis, with, set))
            await Eventually.Holds("the last is put aside", () => Reasons(probe, with).Count > 0);

        Assert.Equal(
            ["the value is a change event of Debezium; set Kafka:Envelopes:items=debezium",
                "the key is the JSON object {\"id\":1004}, as connectors write a table's key; set Kafka:Envelopes:items=debezium"],
            Reasons(probe, without).Take(2)
                .Select(reason => reason[..(reason.IndexOf("=debezium", StringComparison.Ordinal) + "=debezium".Length)]));
        Assert.StartsWith("$: 'no item' is an invalid JSON literal", Assert.Single(Reasons(probe, with)), StringComparison.Ordinal);
    }

    private static List<string> Reasons(TopicProbe probe, string prefix) =>
        [.. probe.Records(new Topics(prefix).DeadLetters).Select(letter => TopicProbe.Header(letter, DeadLetters.Reason)!)];
}
