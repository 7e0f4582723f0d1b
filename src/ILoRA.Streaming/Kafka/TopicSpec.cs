using System.Globalization;

namespace ILoRA.Streaming.Kafka;

/// <summary>How a topic's records belong together.</summary>
public enum TopicContent
{
    /// <summary>The newest record of each key stays; read whole, in one order.</summary>
    Compacted,

    /// <summary>A user's events in their order, in the same partition of every such topic.</summary>
    ByUser,

    /// <summary>In any order.</summary>
    Plain,
}

/// <summary>Partitions and clean-up of one topic; no retention means kept for ever.</summary>
public sealed record TopicSpec(string Name, int Partitions, TopicContent Content, TimeSpan? Retention)
{
    private const string CleanUp = "cleanup.policy", Keep = "retention.ms", KeepBytes = "retention.bytes", Codec = "compression.type",
        LargestRecord = "max.message.bytes";

    // Kafka's own default: a megabyte and the header of a batch.
    private const int LeastLargestRecord = 1_048_588;

    // Forever, where Kafka is told so.
    private const long Always = -1;

    // What the producer sent, or what every client can read: Kafka would turn the rest into LZ4, Snappy or Zstandard, whatever was sent.
    private static readonly string[] ReadByAll = ["producer", "uncompressed", "gzip"];

    /// <summary>The settings by which the topic is created.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        [CleanUp] = Content == TopicContent.Compacted ? "compact" : "delete",
        [Keep] = (Retention is { } time ? (long)time.TotalMilliseconds : Always).ToString(CultureInfo.InvariantCulture),
        // A limit in bytes could delete records of any age.
        [KeepBytes] = Always.ToString(CultureInfo.InvariantCulture),
        [LargestRecord] = LeastLargestRecord.ToString(CultureInfo.InvariantCulture),
        [Codec] = ReadByAll[0],
    };

    /// <summary>
    /// Whether a value of one of the <see cref="Settings"/> does: a longer retention or larger records are the operator's choice.
    /// </summary>
    public bool Allows(string setting, string value) => value == Settings[setting] || setting switch
    {
        Keep => long.TryParse(value, CultureInfo.InvariantCulture, out var found)
            && (found == Always || found >= Retention?.TotalMilliseconds),
        LargestRecord => int.TryParse(value, CultureInfo.InvariantCulture, out var found) && found >= LeastLargestRecord,
        Codec => ReadByAll.Contains(value),
        _ => false,
    };

    /// <summary>Whether another value than ours loses or keeps the wrong records.</summary>
    public static bool IsVital(string setting) => setting == CleanUp;
}

/// <summary>What the brokers hold of a topic; no settings where they do not say.</summary>
public sealed record TopicState(int Partitions, int Replicas, IReadOnlyDictionary<string, string> Settings);
