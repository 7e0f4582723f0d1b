using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Tests.Kafka;

public sealed class TopicsTests
{
    [Fact]
    public void Names_are_the_contracts_under_the_prefix() => Assert.Equal(
        ["eu.items", "eu.adapters", "eu.rollouts", "eu.clicks", "eu.sequences", "eu.recommendations", "eu.outcomes", "eu.dead-letters"],
        new Topics("eu.").All(4).Select(spec => spec.Name));

    [Fact]
    public void Topics_that_are_read_whole_are_compacted_and_in_one_order() => Assert.All(
        new Topics("").All(4).Where(spec => spec.Name is "items" or "adapters" or "rollouts"),
        spec => Assert.Equal((1, "compact", "-1"), (spec.Partitions, spec.Settings["cleanup.policy"], spec.Settings["retention.ms"])));

    [Fact]
    public void Users_topics_have_equal_partitions() =>
        Assert.Equal([4],
            new Topics("").All(4).Where(spec => spec.Name is "clicks" or "sequences" or "recommendations" or "outcomes")
                .Select(spec => spec.Partitions).Distinct());
}
