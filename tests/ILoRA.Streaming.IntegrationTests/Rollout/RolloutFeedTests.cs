using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.IntegrationTests.Rollout;

public sealed class RolloutFeedTests(EmbeddedServers servers) : IClassFixture<EmbeddedServers>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TopicProbe probe = new(servers.Bootstrap);

    [Fact]
    public async Task A_plan_applied_while_the_feed_runs_is_served_and_an_erased_one_no_more()
    {
        var cancel = TestContext.Current.CancellationToken;
        var prefix = servers.NewPrefix();
        var topic = new Topics(prefix).Rollouts;
        using var feed =
            new RolloutFeed(Options.Create(new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(prefix) }),
                SilentDependencies.Create(), NullLogger<RolloutFeed>.Instance);
        await feed.StartAsync(cancel);
        await feed.CaughtUp.WaitAsync(Patience, cancel);
        Assert.Same(RolloutPlan.Default, feed.Registry.Serving);

        var plan = RolloutPlan.Default with { Rollout = new("spring"), Revision = 4 };
        var applied = feed.NextChange;
        await probe.SendAsync(topic, "spring", plan);
        await applied.WaitAsync(Patience, cancel);
        Assert.Equal(("spring", 4), (feed.Registry.Serving.Rollout.Value, feed.Registry.Serving.Revision));

        await probe.SendAsync(topic, "spring", plan with { Revision = 3 });
        await probe.SendRawAsync(topic, "spring", """{"rollout":"spring","revision":5}"""u8.ToArray());
        await probe.SendAsync(topic, "spring", plan with { Revision = 6 });
        await Eventually.Holds("revision 6 is served", () => feed.Registry.Serving.Revision == 6);

        await probe.SendRawAsync(topic, "spring", null);
        await Eventually.Holds("the default is served again", () => ReferenceEquals(feed.Registry.Serving, RolloutPlan.Default));
        await feed.StopAsync(cancel);
    }

    public void Dispose() => probe.Dispose();
}
