using ILoRA.Streaming.Items;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Xunit;

namespace ILoRA.Streaming.IntegrationTests.Kafka;

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
        Assert.Contains(letters, letter => TopicProbe.Header(letter, DeadLetters.Reason) == "$: lacks 'title'" && TopicProbe.Header(letter, DeadLetters.Topic) == topics.Items);
        Assert.Contains(letters, letter => TopicProbe.Header(letter, DeadLetters.Reason)!.StartsWith("the key is b", StringComparison.Ordinal));
    }
}
