using System.Text;
using ILoRA.Streaming.Envelopes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Kafka;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>Whether a value parses as its topic's event, and the key that such an event has.</summary>
internal sealed class EventValidity(KafkaOptions kafka, ClickClock clock)
{
    private static readonly object DeletedItem = new();
    private readonly Topics topics = kafka.Topics;
    private readonly RecordFormat items = kafka.ItemFormat(), clicks = kafka.ClickFormat();

    /// <summary>Whether the topic is one of events: only those are as <c>topics check</c> wants them.</summary>
    public bool IsOfEvents(string topic) => topic != topics.DeadLetters && topics.All(1).Any(spec => spec.Name == topic);

    /// <returns>Null where the value is a valid event of <paramref name="topic"/>, else why not.</returns>
    public string? WhyNot(string topic, byte[]? value)
    {
        if (value is null)
            return "the value is null";
        try
        {
            Parse(topic, value);
            return null;
        }
        catch (PoisonException poison)
        {
            return poison.Message;
        }
    }

    /// <summary>The key of a valid event whose record has none.</summary>
    public byte[] KeyOf(string topic, byte[] value) => Encoding.UTF8.GetBytes(Parse(topic, value) is IEvent read ? read.Key : "");

    private object Parse(string topic, byte[] value) => topic switch
    {
        _ when topic == topics.Items => items.ReadState<ItemEvent>(value) ?? DeletedItem,
        _ when topic == topics.Clicks => Click(value),
        _ when topic == topics.Sequences => EventJson.Parse<SequenceEvent>(value),
        _ when topic == topics.Recommendations => EventJson.Parse<RecommendationEvent>(value),
        _ when topic == topics.Outcomes => EventJson.Parse<OutcomeEvent>(value),
        _ when topic == topics.Adapters => EventJson.Parse<AdapterManifest>(value),
        _ when topic == topics.Rollouts => EventJson.Parse<RolloutPlan>(value),
        _ => throw new PoisonException($"no topic of the stream: {topic}"),
    };

    private ClickEvent Click(byte[] value)
    {
        var click = clicks.ReadEvent<ClickEvent>(value);
        clock.Check(click);
        return click;
    }
}
