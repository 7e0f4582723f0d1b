namespace ILoRA.Streaming.Kafka;

/// <summary>The topics' names under one prefix.</summary>
public sealed record Topics(string Prefix)
{
    /// <summary>Partitions of the topics keyed by user, where nobody says another number.</summary>
    public const int DefaultPartitions = 6;

    public string Items => Prefix + "items";
    public string Clicks => Prefix + "clicks";
    public string Sequences => Prefix + "sequences";
    public string Recommendations => Prefix + "recommendations";
    public string Outcomes => Prefix + "outcomes";
    public string Adapters => Prefix + "adapters";
    public string Rollouts => Prefix + "rollouts";
    public string DeadLetters => Prefix + "dead-letters";

    /// <summary>What each topic must look like; user topics have equal partition counts so that a user's events stay together.</summary>
    public IReadOnlyList<TopicSpec> All(int partitions) =>
    [
        // One partition each: every worker reads these whole, and must see them in one order.
        new(Items, 1, TopicContent.Compacted, Retention: null),
        new(Adapters, 1, TopicContent.Compacted, Retention: null),
        new(Rollouts, 1, TopicContent.Compacted, Retention: null),
        new(Clicks, partitions, TopicContent.ByUser, TimeSpan.FromDays(30)),
        new(Sequences, partitions, TopicContent.ByUser, TimeSpan.FromDays(7)),
        new(Recommendations, partitions, TopicContent.ByUser, TimeSpan.FromDays(7)),
        new(Outcomes, partitions, TopicContent.ByUser, TimeSpan.FromDays(30)),
        new(DeadLetters, 1, TopicContent.Plain, TimeSpan.FromDays(30)),
    ];
}
