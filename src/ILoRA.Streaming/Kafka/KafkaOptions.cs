using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Envelopes;
using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Kafka;

/// <summary>How every worker talks to Kafka (configuration section <c>Kafka</c>).</summary>
public sealed class KafkaOptions : IValidatableObject
{
    public const string Section = "Kafka";

    private const string LongestWait = "1.00:00:00";

    /// <summary>host:port list of the brokers.</summary>
    [Required, MinLength(1)]
    public string Bootstrap { get; set; } = "localhost:9092";

    /// <summary>Put before every topic and group; from the top-level setting <see cref="StreamNamespace.Setting"/>.</summary>
    public StreamNamespace Namespace { get; set; } = StreamNamespace.None;

    /// <summary>Partitions of the topics keyed by user; null takes what exists, else <see cref="Topics.DefaultPartitions"/>.</summary>
    [Range(1, 10_000)]
    public int? Partitions { get; set; }

    /// <summary>Replicas of created topics; -1 takes the brokers' default.</summary>
    [Range(-1, 15)]
    public short ReplicationFactor { get; set; } = -1;

    /// <summary>Classic (cooperative-sticky; works on every broker) or Consumer (KIP-848, Kafka 4).</summary>
    public GroupProtocol GroupProtocol { get; set; } = GroupProtocol.Classic;

    /// <summary>Records in a batch at most.</summary>
    [Range(1, 100_000)]
    public int MaxBatch { get; set; } = 2_000;

    /// <summary>How long a batch waits for more records after its first one.</summary>
    [DurationRange("00:00:00.001", LongestWait)]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long a broker may hold a fetch that finds nothing. A real broker answers as soon as something comes; the embedded one only when
    /// the time is over.
    /// </summary>
    [DurationRange("00:00:00.001", LongestWait)]
    public TimeSpan FetchWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Batches that a worker may hold between poll and commit.</summary>
    [Range(1, 64)]
    public int MaxInFlight { get; set; } = 4;

    /// <summary>How long the producer gathers records of one partition.</summary>
    [DurationRange("00:00:00", LongestWait)]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>What sent events are compressed by: gzip and none are read by every client, LZ4, Snappy and Zstandard are not.</summary>
    public CompressionType Compression { get; set; } = CompressionType.Gzip;

    /// <summary>How long a dependency may be down before the process gives up; nothing unfinished is committed.</summary>
    [DurationRange("00:00:00.001", LongestWait)]
    public TimeSpan RetryBudget { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A member that is silent this long is out of its group.</summary>
    [DurationRange("00:00:00.001", LongestWait)]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Further librdkafka properties by name, such as <c>security.protocol</c>; they win over the settings above.</summary>
    public Dictionary<string, string> Client { get; } = [];

    /// <summary>
    /// By <c>items</c> or <c>clicks</c>: the envelopes that other tools put around that topic's events, by comma (confluent, connect,
    /// debezium, cloudevents). Every worker needs the same.
    /// </summary>
    public Dictionary<string, string> Envelopes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// By <c>items</c> or <c>clicks</c>: the column of each field, for rows whose columns are not named as our fields are, such as
    /// <c>items:title</c> = <c>name</c>.
    /// </summary>
    public Dictionary<string, Dictionary<string, string>> Fields { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The topic names under <see cref="Namespace"/>.</summary>
    public Topics Topics => new(Namespace.Value);

    /// <summary>How records of <c>items</c> are read.</summary>
    /// <exception cref="InvalidDataException">The options name what is not known.</exception>
    public RecordFormat ItemFormat() => new(EnvelopeSettings.Items, Envelopes, Fields);

    /// <summary>How records of <c>clicks</c> are read.</summary>
    /// <exception cref="InvalidDataException">The options name what is not known.</exception>
    public RecordFormat ClickFormat() => new(EnvelopeSettings.Clicks, Envelopes, Fields);

    /// <summary>The configured options, for what has no host.</summary>
    /// <exception cref="InvalidDataException">A value is out of range, or a property must not be given.</exception>
    public static KafkaOptions Of(IConfiguration configuration)
    {
        Durations.RequireUnits(configuration.GetSection(Section), typeof(KafkaOptions));
        var options = configuration.GetSection(Section).Get<KafkaOptions>() ?? new();
        options.Namespace = StreamNamespace.Of(configuration);
        options.TakeNested(configuration);
        var mistakes = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new(options), mistakes, validateAllProperties: true)
            ? options
            : throw new InvalidDataException(string.Join(' ', mistakes.Select(mistake => mistake.ErrorMessage)));
    }

    /// <summary>Environment variables cannot hold a dot: <c>Kafka__Client__security__protocol</c> is <c>security.protocol</c>.</summary>
    internal void TakeNested(IConfiguration configuration)
    {
        var client = configuration.GetSection($"{Section}:{nameof(Client)}");
        foreach (var (path, value) in client.AsEnumerable(makePathsRelative: true))
            if (value is not null && path.Contains(':', StringComparison.Ordinal))
                Client[path.Replace(':', '.')] = value;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. EnvelopeSettings.Mistakes(Envelopes, Fields).Select(mistake => new ValidationResult(mistake, [nameof(Envelopes)])),
        .. from property in Client
           let refusal = ClientProperties.Refusal(property.Key)
           where refusal is not null
           let mistake = $"{Section}:{nameof(Client)}:{property.Key} cannot be set ('{property.Value}' was given): {refusal}."
           select new ValidationResult(mistake, [nameof(Client)]),
        .. Client.Count > 0 && ClientProperties.Mistake(Consumer("ilora-check"), Producer()) is { } wrong
            ? [new ValidationResult($"{Section}:{nameof(Client)}: {wrong}", [nameof(Client)])] : Array.Empty<ValidationResult>(),
    ];

    /// <summary>Settings of a group's consumer: offsets are stored by hand and committed in the background.</summary>
    public ConsumerConfig Consumer(string group) => ClientProperties.Over(Client, Group(group));

    /// <summary>Settings of a reader without a group, for the compacted topics that every worker reads whole.</summary>
    public ConsumerConfig Reader() => Reader(TimeSpan.FromMilliseconds(100));

    /// <summary>The same, with the time that a broker may hold a fetch that finds nothing.</summary>
    public ConsumerConfig Reader(TimeSpan fetchWait)
    {
        var config = Group("ilora-reader");
        config.GroupProtocol = GroupProtocol.Classic;
        config.EnableAutoCommit = false;
        config.EnablePartitionEof = true;
        config.FetchWaitMaxMs = (int)fetchWait.TotalMilliseconds;
        return ClientProperties.Over(Client, config);
    }

    /// <summary>Settings of the idempotent producer.</summary>
    public ProducerConfig Producer() => ClientProperties.Over(Client, new ProducerConfig
    {
        BootstrapServers = Bootstrap,
        EnableIdempotence = true,
        Acks = Acks.All,
        LingerMs = Linger.TotalMilliseconds,
        CompressionType = Compression,
        // Each codec's fastest: gzip's usual 6 costs twice as much for a tenth fewer bytes.
        CompressionLevel = 1,
        BatchSize = 1 << 20,
        QueueBufferingMaxMessages = 1_000_000,
        QueueBufferingMaxKbytes = 256 * 1024,
        MessageTimeoutMs = (int)RetryBudget.TotalMilliseconds,
        // Same partitions as the Java clients, so that topics keyed by user stay aligned.
        Partitioner = Partitioner.Murmur2Random,
    });

    public AdminClientConfig Admin() => ClientProperties.Over(Client, new AdminClientConfig { BootstrapServers = Bootstrap });

    private ConsumerConfig Group(string group)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = Bootstrap,
            GroupId = Namespace + group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 500,
            GroupProtocol = GroupProtocol,
            // The default of one second stalls a worker whose local queue was full.
            FetchQueueBackoffMs = 10,
            FetchWaitMaxMs = (int)FetchWait.TotalMilliseconds,
            QueuedMinMessages = 50_000,
            QueuedMaxMessagesKbytes = 64 * 1024,
        };
        if (GroupProtocol == GroupProtocol.Classic)
        {
            config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
            config.SessionTimeoutMs = (int)SessionTimeout.TotalMilliseconds;
            config.HeartbeatIntervalMs = (int)Math.Clamp(SessionTimeout.TotalMilliseconds / 4, 100, 3_000);
        }
        return config;
    }
}
