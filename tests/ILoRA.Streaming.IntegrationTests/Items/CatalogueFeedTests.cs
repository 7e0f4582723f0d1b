using System.Text;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.IntegrationTests.Items;

public sealed class CatalogueFeedTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string prefix = servers.NewPrefix();
    private readonly TopicProbe probe = new(servers.Bootstrap);

    private string Topic => new Topics(prefix).Items;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feed_reads_what_is_there_and_then_follows()
    {
        for (var item = 0; item < 100; item++)
            await SendAsync($"i{item}", $"Item {item}");
        using var feed = await StartAsync();
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.Equal(100, feed.Catalogue.Count);
        var change = feed.NextChange;
        await SendAsync("late", "Late");
        await change.WaitAsync(Patience, Cancel);
        Assert.Equal("Late", feed.Catalogue.TitleOf(new("late")));
        await feed.StopAsync(Cancel);
    }

    [Fact]
    public async Task An_empty_topic_is_caught_up_with()
    {
        using var feed = await StartAsync();
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.Equal(0, feed.Catalogue.Count);
        await feed.StopAsync(Cancel);
    }

    [Fact]
    public async Task Records_that_cannot_be_read_are_skipped()
    {
        await probe.SendRawAsync(Topic, "a", "no json"u8.ToArray());
        await probe.SendRawAsync(Topic, null, """{"item":"a","title":"A"}"""u8.ToArray());
        await probe.SendRawAsync(Topic, "other", """{"item":"a","title":"A"}"""u8.ToArray());
        await SendAsync("b", "B");
        using var feed = await StartAsync();
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.Equal(["b"], feed.Catalogue.Entries.Select(entry => entry.Item.Value));
        await feed.StopAsync(Cancel);
    }

    [Fact]
    public async Task An_erased_item_is_deleted()
    {
        await SendAsync("a", "A");
        await probe.SendRawAsync(Topic, "a", null);
        using var feed = await StartAsync();
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.True(feed.Catalogue.Find(new("a"))!.Deleted);
        await feed.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_products_table_that_Debezium_follows_is_the_catalogue()
    {
        await ChangeAsync("""{"id":1004}""", """{"before":null,"after":{"id":1004,"name":"Mug"},"op":"r"}""");
        await ChangeAsync("""{"id":1005}""", """{"before":null,"after":{"id":1005,"name":"Bowl"},"op":"c"}""");
        await ChangeAsync("""{"id":1006}""", """{"before":null,"after":{"id":1006,"name":"Jug"},"op":"c"}""");
        await ChangeAsync("""{"id":1004}""", """{"before":{"id":1004,"name":"Mug"},"after":{"id":1004,"name":"Blue mug"},"op":"u"}""");
        await ChangeAsync("""{"id":1005}""", """{"before":{"id":1005,"name":"Bowl"},"after":null,"op":"d"}""");
        await ChangeAsync("""{"id":1006}""", null);
        using var feed = await StartAsync(kafka =>
        {
            kafka.Envelopes["items"] = "debezium";
            kafka.Fields["items"] = new() { ["item"] = "id", ["title"] = "name" };
        });
        await feed.CaughtUp.WaitAsync(Patience, Cancel);
        Assert.Equal([("1004", "Blue mug", false), ("1005", "Bowl", true), ("1006", "Jug", true)],
            feed.Catalogue.Entries.Select(entry => (entry.Item.Value, entry.Title, entry.Deleted)));
        await feed.StopAsync(Cancel);
    }

    [Fact]
    public async Task Two_feeds_see_the_same_without_sharing_a_group()
    {
        await SendAsync("a", "A");
        using var one = await StartAsync();
        using var other = await StartAsync();
        await Task.WhenAll(one.CaughtUp, other.CaughtUp).WaitAsync(Patience, Cancel);
        Assert.Equal((1, 1), (one.Catalogue.Count, other.Catalogue.Count));
        await Task.WhenAll(one.StopAsync(Cancel), other.StopAsync(Cancel));
    }

    public void Dispose() => probe.Dispose();

    private async Task SendAsync(string item, string title) =>
        await probe.SendAsync(Topic, item, new ItemEvent { Item = new(item), Title = title });

    private async Task ChangeAsync(string key, string? value) =>
        await probe.SendRawAsync(Topic, key, value is null ? null : Encoding.UTF8.GetBytes(value));

    private async Task<CatalogueFeed> StartAsync(Action<KafkaOptions>? set = null)
    {
        var options = new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(prefix) };
        set?.Invoke(options);
        var feed = new CatalogueFeed(Options.Create(options), SilentDependencies.Create(), NullLogger<CatalogueFeed>.Instance);
        await feed.StartAsync(Cancel);
        return feed;
    }
}
