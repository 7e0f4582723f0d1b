using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Kafka;

public sealed class TopicProvisioningTests
{
    [Fact]
    public async Task Missing_topics_are_created_as_they_must_be_and_stay_so_when_asked_again()
    {
        await using var topics = new BrokerTopics();
        Assert.Equal(8, (await topics.Provisioning().CheckAsync()).OfType<MissingTopic>().Count());

        var (created, left) = await topics.Provisioning(partitions: 2).CreateAsync();
        Assert.Equal((8, 0), (created.Count, left.Count));
        Assert.Equal(topics.Names.All(2).ToDictionary(spec => spec.Name, spec => spec.Partitions), topics.Existing());

        var (again, still) = await topics.Provisioning().CreateAsync();
        Assert.Empty(again);
        Assert.Empty(still);
    }

    [Fact]
    public async Task Settings_that_differ_are_altered_and_a_longer_retention_stays()
    {
        await using var topics = new BrokerTopics();
        await topics.CreateAsync(topics.Names.Items, 1, ("cleanup.policy", "delete"));
        await topics.CreateAsync(topics.Names.Clicks, 2, ("retention.ms", "3600000"), ("compression.type", "lz4"));
        await topics.CreateAsync(topics.Names.Outcomes, 2, ("retention.ms", "7776000000"));

        var (mended, left) = await topics.Provisioning().CreateAsync();

        Assert.Empty(left);
        Assert.Equal(
            [(topics.Names.Items, "cleanup.policy"), (topics.Names.Items, "retention.ms"), (topics.Names.Clicks, "retention.ms"),
                (topics.Names.Clicks, "compression.type")],
            mended.OfType<OtherSetting>().Select(setting => (setting.Topic, setting.Setting)));
        Assert.Equal("compact", await topics.SettingAsync(topics.Names.Items, "cleanup.policy"));
        Assert.Equal("2592000000", await topics.SettingAsync(topics.Names.Clicks, "retention.ms"));
        Assert.Equal("producer", await topics.SettingAsync(topics.Names.Clicks, "compression.type"));
        Assert.Equal("7776000000", await topics.SettingAsync(topics.Names.Outcomes, "retention.ms"));
        // The missing topics keyed by user got the partitions of the existing ones.
        Assert.Equal(2, topics.Existing()[topics.Names.Sequences]);
    }

    [Fact]
    public async Task Partitions_are_added_only_when_told_to()
    {
        await using var topics = new BrokerTopics();
        await topics.Provisioning(partitions: 2).CreateAsync();

        var (untouched, few) = await topics.Provisioning(partitions: 3).CreateAsync();
        Assert.Empty(untouched);
        Assert.Equal(4, few.OfType<TooFewPartitions>().Count());
        Assert.Equal(2, topics.Existing()[topics.Names.Clicks]);

        var (grown, left) = await topics.Provisioning(partitions: 3).CreateAsync(addPartitions: true);
        Assert.Equal((4, 0), (grown.Count, left.Count));
        Assert.Equal(topics.Names.All(3).ToDictionary(spec => spec.Name, spec => spec.Partitions), topics.Existing());
    }

    [Fact]
    public async Task What_cannot_be_mended_is_left_with_its_remedy()
    {
        await using var topics = new BrokerTopics();
        await topics.CreateAsync(topics.Names.Items, 3, ("cleanup.policy", "compact"), ("retention.ms", "-1"));
        await topics.Provisioning(partitions: 3).CreateAsync();

        var (_, left) = await topics.Provisioning(partitions: 2).CreateAsync(addPartitions: true);

        Assert.Equal([topics.Names.Items, topics.Names.Clicks, topics.Names.Sequences, topics.Names.Recommendations, topics.Names.Outcomes],
            left.Select(difference => difference.Topic));
        Assert.Contains("delete the topic", left[0].Text, StringComparison.Ordinal);
        Assert.Contains("set Kafka:Partitions (--partitions) to 3", left[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_embedded_Kafka_which_keeps_no_settings_is_asked_for_its_topics_alone()
    {
        using var servers = new EmbeddedServers();
        var provisioning =
            new TopicProvisioning(
                Microsoft.Extensions.Options.Options.Create(new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new("none.") }));
        Assert.Equal(8, (await provisioning.CheckAsync()).OfType<MissingTopic>().Count());
        var scope = servers.NewPrefix();
        Assert.Empty(
            await new TopicProvisioning(
                Microsoft.Extensions.Options.Options.Create(
                    new KafkaOptions { Bootstrap = servers.Bootstrap, Namespace = new(scope) })).CheckAsync());
    }
}
