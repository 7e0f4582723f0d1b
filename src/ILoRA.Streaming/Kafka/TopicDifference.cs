namespace ILoRA.Streaming.Kafka;

/// <summary>One way in which a topic is not as the workers need it, and what mends it.</summary>
/// <param name="Topic">The topic's full name.</param>
/// <param name="Vital">Whether workers on it would lose events or mix their order.</param>
public abstract record TopicDifference(string Topic, bool Vital)
{
    /// <summary>What differs and the remedy, in one line.</summary>
    public abstract string Text { get; }

    /// <summary>Several in one line.</summary>
    public static string Summary(IEnumerable<TopicDifference> differences)
    {
        var all = differences.ToArray();
        MissingTopic[] missing = [.. all.OfType<MissingTopic>()];
        var lines = all.Except(missing).Select(difference => difference.Text);
        if (missing.Length > 0)
            lines = lines.Prepend(MissingTopic.Line(string.Join(", ", missing.Select(topic => topic.Topic))));
        return string.Join(". ", lines);
    }

    public sealed override string ToString() => Text;
}

/// <summary>The topic does not exist.</summary>
public sealed record MissingTopic(TopicSpec Spec) : TopicDifference(Spec.Name, Vital: true)
{
    public override string Text => Line(Topic);

    internal static string Line(string topics) =>
        $"{topics}: missing; run `ilora topics create` (with the same --namespace, where one is set)";
}

/// <summary>A setting of the topic has another value than it must have.</summary>
public sealed record OtherSetting(string Topic, string Setting, string Found, string Wanted, bool Vital) : TopicDifference(Topic, Vital)
{
    public override string Text => $"{Topic}: {Setting} is {Found}, expected {Wanted}; `ilora topics create` alters it";
}

/// <summary>A topic keyed by user has fewer partitions than the others, or than it was told to have.</summary>
public sealed record TooFewPartitions(string Topic, int Found, int Wanted, bool Vital) : TopicDifference(Topic, Vital)
{
    public override string Text =>
        $"{Topic}: {Found} partitions, expected {Wanted}; `ilora topics create --partitions {Wanted} --add-partitions` adds them, "
        + "which moves users to other partitions (docs/kafka.md says what to stop before)";
}

/// <summary>A topic has more partitions than it must have; Kafka takes none away.</summary>
public sealed record TooManyPartitions(TopicSpec Spec, int Found)
    : TopicDifference(Spec.Name, Vital: Spec.Content == TopicContent.Compacted)
{
    public override string Text =>
        $"{Topic}: {Found} partitions, expected {Spec.Partitions}; Kafka takes none away: {Remedy}, or give another Namespace";

    private string Remedy => Spec.Content == TopicContent.Compacted
        ? "it is read whole and in order, so delete the topic, run `ilora topics create` and send its records again"
        : $"set Kafka:Partitions (--partitions) to {Found}";
}

/// <summary>The topic has another number of replicas than it was told to have.</summary>
public sealed record OtherReplication(string Topic, int Found, int Wanted) : TopicDifference(Topic, Vital: false)
{
    public override string Text =>
        $"{Topic}: replication factor {Found}, expected {Wanted}; Kafka's kafka-reassign-partitions changes it, "
        + $"or set Kafka:ReplicationFactor (--replication-factor) to {Found}";
}
