namespace ILoRA.Streaming.Events;

/// <summary>The Kafka record that an event was made from.</summary>
public sealed record SourcePosition
{
    public required string Topic { get; init; }
    public required int Partition { get; init; }
    public required long Offset { get; init; }

    public override string ToString() => $"{Topic}-{Partition}-{Offset}";

    internal void Check()
    {
        EventRules.Text(Topic, "source.topic", EventRules.Name);
        EventRules.Require(this is { Partition: >= 0, Offset: >= 0 }, "source", "has a partition and an offset from 0");
    }
}
