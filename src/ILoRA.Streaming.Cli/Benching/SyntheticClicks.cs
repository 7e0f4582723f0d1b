using System.Globalization;
using System.Text;
using Confluent.Kafka;
using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Cli.Benching;

/// <summary>Clicks whose users and items are drawn with Zipf-like skew, as real ones are.</summary>
internal sealed class SyntheticClicks(int users, int items, int seed)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Random random = new(seed);
    private int made;

    public (byte[] Key, byte[] Value) Next()
    {
        var user = string.Create(CultureInfo.InvariantCulture, $"user-{Skewed(users)}");
        var click =
            new ClickEvent
            {
                User = new UserId(user),
                Item = new ItemId(string.Create(CultureInfo.InvariantCulture, $"item-{Skewed(items)}")),
                Time = Start.AddMilliseconds(made++)
            };
        return (Encoding.UTF8.GetBytes(user), EventJson.Write(click));
    }

    /// <summary>The same as a record that was read from partition 0 of a topic.</summary>
    public ConsumeResult<byte[], byte[]> NextRecord(string topic)
    {
        var (key, value) = Next();
        return new ConsumeResult<byte[], byte[]>
        {
            TopicPartitionOffset = new TopicPartitionOffset(topic, 0, made),
            Message = new Message<byte[], byte[]> { Key = key, Value = value, Headers = [] },
        };
    }

    private int Skewed(int count) => (int)(count * Math.Pow(random.NextDouble(), 2));
}
