using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.Tests.Configuration;

public sealed class StreamNamespaceTests
{
    [Fact]
    public void One_setting_is_the_prefix_of_topics_groups_and_keys()
    {
        using var app = StreamHost.CreateBuilder(["--namespace", "eu."], "ilora-test").Build();
        var kafka = app.Services.GetRequiredService<IOptions<KafkaOptions>>().Value;
        var redis = app.Services.GetRequiredService<IOptions<RedisOptions>>().Value;

        Assert.Equal("eu.clicks", kafka.Topics.Clicks);
        Assert.Equal("eu.ilora-ingest", kafka.Consumer("ilora-ingest").GroupId);
        Assert.Equal("eu.ilora:{ann}:seq", new SequenceKeys(redis.KeyPrefix).Sequence("ann"));
    }

    [Fact]
    public void Without_it_the_names_are_the_plain_ones()
    {
        using var app = StreamHost.CreateBuilder([], "ilora-test").Build();

        Assert.Equal("clicks", app.Services.GetRequiredService<IOptions<KafkaOptions>>().Value.Topics.Clicks);
        Assert.Equal("ilora:", app.Services.GetRequiredService<IOptions<RedisOptions>>().Value.KeyPrefix);
    }

    [Theory]
    [InlineData("")]
    [InlineData("eu.")]
    [InlineData("shop_1-test.")]
    public void Characters_of_a_topic_pass(string text) => Assert.Equal(text, new StreamNamespace(text).Value);

    [Theory]
    [InlineData("eu:")]
    [InlineData("{eu}")]
    [InlineData("e u")]
    [InlineData("eu.\n")]
    [InlineData("größe.")]
    public void Other_characters_are_refused_by_name(string text) =>
        Assert.Contains($"Namespace '{text}'", Assert.Throws<InvalidDataException>(() => new StreamNamespace(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void It_leaves_room_for_the_longest_topic()
    {
        const int topicsLimit = 249;
        var longest = new StreamNamespace(new string('a', 200));
        Assert.All(new Topics(longest.Value).All(1), topic => Assert.InRange(topic.Name.Length, 1, topicsLimit));
        Assert.Throws<InvalidDataException>(() => new StreamNamespace(new string('a', 201)));
    }

    [Theory]
    [InlineData("Kafka:TopicPrefix")]
    [InlineData("Redis:KeyPrefix")]
    [InlineData("Kafka:Namespace")]
    [InlineData("Redis:Namespace")]
    public void A_setting_that_it_replaces_is_refused_by_name(string setting)
    {
        var refused = Assert.Throws<InvalidDataException>(() => StreamHost.CreateBuilder([$"--{setting}=eu."], "ilora-test"));
        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
        Assert.Contains("ILORA__Namespace", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replaced_setting_ends_a_worker_with_2() =>
        Assert.Equal(2, await StreamHost.RunAsync(["--Kafka:TopicPrefix=eu."], "ilora-test", (_, _) => { }));
}
