using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.TestKit;

/// <summary>Builders of valid events; a test names only what it is about.</summary>
public static class A
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A click; <paramref name="seconds"/> after <see cref="Start"/>.</summary>
    public static ClickEvent Click(string user = "u1", string item = "i1", double seconds = 0, string? id = null,
        string? recommendation = null) => new()
        {
            User = new(user),
            Item = new(item),
            Time = Start.AddSeconds(seconds),
            Id = id,
            Recommendation = recommendation is null ? null : new(recommendation),
        };

    public static SequenceEvent Sequence(string user, IReadOnlyList<string> items, SourcePosition? source = null, double seconds = 0) =>
        new()
        {
            User = new(user),
            Items = [.. items.Select(item => new ItemId(item))],
            Time = Start.AddSeconds(seconds),
            Source = source ?? Source(),
        };

    /// <summary>A recommendation of these items, best first; <paramref name="seconds"/> after <see cref="Start"/>.</summary>
    public static RecommendationEvent Recommendation(string user, IReadOnlyList<string> items, string id = "r1",
        SourcePosition? source = null, double seconds = 0) => new()
        {
            Id = new(id),
            User = new(user),
            Time = Start.AddSeconds(seconds),
            Items = [.. items.Select((item, i) => new RankedItem { Item = new(item), Score = -i, Propensity = 1 })],
            Version = new("online-000001"),
            Line = new("online"),
            Arm = new("online"),
            Rollout = new("default"),
            Gate = [0.25f, 0.25f, 0.25f, 0.25f],
            Source = source ?? Source(),
        };

    public static SourcePosition Source(string topic = "clicks", int partition = 0, long offset = 0) =>
        new() { Topic = topic, Partition = partition, Offset = offset };

    /// <summary>A record as a consumer gives it.</summary>
    public static ConsumeResult<byte[], byte[]> Record(byte[]? value, string topic = "clicks", int partition = 0, long offset = 0,
        string? key = null) => new()
        {
            Topic = topic,
            Partition = partition,
            Offset = offset,
            Message = new() { Key = key is null ? null! : Encoding.UTF8.GetBytes(key), Value = value!, Headers = [] },
        };
}
