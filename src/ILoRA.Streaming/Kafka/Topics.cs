namespace ILoRA.Streaming.Kafka;

/// <summary>The topics' names under one prefix.</summary>
public sealed record Topics(string Prefix)
{
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
        new(Items, 1, Compacted: true, Retention: null),
        new(Adapters, 1, Compacted: true, Retention: null),
        new(Rollouts, 1, Compacted: true, Retention: null),
        new(Clicks, partitions, Compacted: false, TimeSpan.FromDays(30)),
        new(Sequences, partitions, Compacted: false, TimeSpan.FromDays(7)),
        new(Recommendations, partitions, Compacted: false, TimeSpan.FromDays(7)),
        new(Outcomes, partitions, Compacted: false, TimeSpan.FromDays(30)),
        new(DeadLetters, 1, Compacted: false, TimeSpan.FromDays(30)),
    ];
}

/// <summary>Partitions and clean-up of one topic; no retention means kept for ever.</summary>
public sealed record TopicSpec(string Name, int Partitions, bool Compacted, TimeSpan? Retention)
{
    public string CleanupPolicy => Compacted ? "compact" : "delete";
    public string RetentionMs => Retention is { } time ? $"{(long)time.TotalMilliseconds}" : "-1";
}
