using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class TopicComparisonTests
{
    private static readonly Topics Names = new("eu.");

    [Fact]
    public void Topics_as_they_are_created_do_not_differ() => Assert.Empty(Differences(AsCreated(6)));

    [Fact]
    public void Where_none_exists_all_are_missing_with_the_default_partitions()
    {
        var missing = Differences([]).Cast<MissingTopic>().ToArray();
        Assert.Equal(Names.All(6).Select(spec => (spec.Name, spec.Partitions)),
            missing.Select(topic => (topic.Spec.Name, topic.Spec.Partitions)));
        Assert.All(missing, topic => Assert.Contains("missing; run `ilora topics create`", topic.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_topic_gets_the_partitions_of_the_existing_ones()
    {
        var topics = AsCreated(12);
        topics.Remove("eu.outcomes");
        Assert.Equal(12, Assert.IsType<MissingTopic>(Assert.Single(Differences(topics))).Spec.Partitions);
    }

    [Fact]
    public void Topics_by_user_with_unequal_partitions_differ_until_all_have_the_most()
    {
        var topics = AsCreated(6);
        topics["eu.sequences"] = topics["eu.sequences"] with { Partitions = 4 };
        var few = Assert.IsType<TooFewPartitions>(Assert.Single(Differences(topics)));
        Assert.Equal(("eu.sequences", 4, 6, true), (few.Topic, few.Found, few.Wanted, few.Vital));
        Assert.Contains("--partitions 6 --add-partitions", few.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_partitions_than_told_are_no_danger_where_they_are_equal() =>
        Assert.Equal([(false, 8), (false, 8), (false, 8), (false, 8)],
            Differences(AsCreated(6), partitions: 8).Cast<TooFewPartitions>().Select(few => (few.Vital, few.Wanted)));

    [Fact]
    public void More_partitions_than_told_stay_and_the_remedy_is_named()
    {
        var many = Differences(AsCreated(6), partitions: 4).Cast<TooManyPartitions>().ToArray();
        Assert.Equal(4, many.Length);
        Assert.All(many, topic => Assert.Contains("set Kafka:Partitions (--partitions) to 6", topic.Text, StringComparison.Ordinal));
        Assert.All(many, topic => Assert.False(topic.Vital));
    }

    [Fact]
    public void A_compacted_topic_with_several_partitions_must_be_deleted()
    {
        var topics = AsCreated(6);
        topics["eu.items"] = topics["eu.items"] with { Partitions = 3 };
        var many = Assert.IsType<TooManyPartitions>(Assert.Single(Differences(topics)));
        Assert.True(many.Vital);
        Assert.Contains("delete the topic", many.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clicks", "cleanup.policy", "compact", "delete", true)]
    [InlineData("items", "cleanup.policy", "delete", "compact", true)]
    [InlineData("items", "cleanup.policy", "compact,delete", "compact", true)]
    [InlineData("clicks", "retention.ms", "604800000", "2592000000", false)]
    [InlineData("items", "retention.ms", "604800000", "-1", false)]
    [InlineData("clicks", "retention.bytes", "1000", "-1", false)]
    [InlineData("items", "max.message.bytes", "200", "1048588", false)]
    [InlineData("clicks", "compression.type", "lz4", "producer", false)]
    [InlineData("clicks", "compression.type", "zstd", "producer", false)]
    public void A_setting_that_differs_is_named_with_what_it_must_be(string topic, string setting, string found, string wanted, bool vital)
    {
        var other = Assert.IsType<OtherSetting>(Assert.Single(Differences(With(topic, setting, found))));
        Assert.Equal(("eu." + topic, setting, found, wanted, vital), (other.Topic, other.Setting, other.Found, other.Wanted, other.Vital));
    }

    [Theory]
    [InlineData("clicks", "retention.ms", "7776000000")]
    [InlineData("clicks", "retention.ms", "-1")]
    [InlineData("items", "max.message.bytes", "5000000")]
    [InlineData("clicks", "compression.type", "gzip")]
    [InlineData("clicks", "compression.type", "uncompressed")]
    public void What_keeps_more_or_is_read_by_every_client_is_the_operators_choice(string topic, string setting, string value) =>
        Assert.Empty(Differences(With(topic, setting, value)));

    [Fact]
    public void Another_replication_factor_than_told_is_named_with_the_tool_that_changes_it()
    {
        var others = Differences(AsCreated(6), replicas: 3).Cast<OtherReplication>().ToArray();
        Assert.Equal(8, others.Length);
        Assert.All(others,
            topic => Assert.Contains("replication factor 1, expected 3; Kafka's kafka-reassign-partitions", topic.Text,
                StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_that_the_brokers_do_not_tell_are_not_compared() =>
        Assert.Empty(
            Differences(
                AsCreated(6).ToDictionary(topic => topic.Key, topic => topic.Value with { Settings = new Dictionary<string, string>() })));

    [Fact]
    public void A_summary_names_all_missing_topics_and_their_remedy_once()
    {
        var topics = AsCreated(6);
        topics.Remove("eu.clicks");
        topics.Remove("eu.items");
        Assert.Equal("eu.items, eu.clicks: missing; run `ilora topics create` (with the same --namespace, where one is set)",
            TopicDifference.Summary(Differences(topics)));
    }

    private static IReadOnlyList<TopicDifference> Differences(Dictionary<string, TopicState> existing, int? partitions = null,
        int? replicas = null) =>
        new TopicComparison(Names, partitions, replicas).Differences(existing);

    private static Dictionary<string, TopicState> AsCreated(int partitions) =>
        Names.All(partitions).ToDictionary(spec => spec.Name, spec => new TopicState(spec.Partitions, 1, spec.Settings));

    private static Dictionary<string, TopicState> With(string topic, string setting, string value)
    {
        var topics = AsCreated(6);
        var state = topics["eu." + topic];
        topics["eu." + topic] = state with { Settings = new Dictionary<string, string>(state.Settings) { [setting] = value } };
        return topics;
    }
}
