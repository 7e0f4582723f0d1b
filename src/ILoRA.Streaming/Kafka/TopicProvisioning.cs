using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Polly;

namespace ILoRA.Streaming.Kafka;

/// <summary>Creates the topics and says where existing ones differ. For real brokers: the embedded one creates topics by itself.</summary>
public sealed class TopicProvisioning(IOptions<KafkaOptions> options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ResiliencePipeline<IReadOnlyList<string>> Patience = new ResiliencePipelineBuilder<IReadOnlyList<string>>()
        .AddTimeout(TimeSpan.FromMinutes(1))
        .AddRetry(new()
        {
            ShouldHandle = new PredicateBuilder<IReadOnlyList<string>>().HandleResult(differences => differences.Count > 0).Handle<KafkaException>(error => !error.Error.IsFatal),
            Delay = TimeSpan.FromMilliseconds(200),
            MaxRetryAttempts = 50,
        })
        .Build();

    private readonly KafkaOptions kafka = options.Value;

    /// <summary>Creates what is missing; returns the names of the created topics.</summary>
    public async Task<IReadOnlyList<string>> CreateAsync()
    {
        using var admin = new AdminClientBuilder(kafka.Admin()).Build();
        var existing = Metadata(admin).Keys.ToHashSet(StringComparer.Ordinal);
        var missing = kafka.Topics.All(kafka.Partitions).Where(spec => !existing.Contains(spec.Name)).ToArray();
        if (missing.Length == 0)
            return [];
        try
        {
            await admin.CreateTopicsAsync(missing.Select(Specification), new() { RequestTimeout = Limit, OperationTimeout = Limit });
        }
        catch (CreateTopicsException race) when (race.Results.All(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another worker was first.
        }
        return [.. missing.Select(spec => spec.Name)];
    }

    /// <summary>One line for each difference between the brokers' topics and what the workers need; empty when all is right.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync()
    {
        using var admin = new AdminClientBuilder(kafka.Admin()).Build();
        var existing = Metadata(admin);
        var differences = new List<string>();
        var users = new HashSet<int>();
        foreach (var spec in kafka.Topics.All(kafka.Partitions))
        {
            if (!existing.TryGetValue(spec.Name, out var partitions))
            {
                differences.Add($"{spec.Name}: missing; run `ilora topics create`");
                continue;
            }
            if (spec.Partitions > 1)
                users.Add(partitions);
            else if (spec.Compacted && partitions != 1)
                differences.Add($"{spec.Name}: {partitions} partitions, expected 1 (it is read whole and in order)");
            differences.AddRange(await ConfigurationAsync(admin, spec));
        }
        if (users.Count > 1)
            differences.Add($"user topics have {string.Join(", ", users.Order())} partitions; they must be equal so that a user's events stay together");
        return differences;
    }

    /// <summary>As <see cref="CheckAsync"/>, for topics that were just created: brokers hear of them one after the other, so a difference is only believed once it has lasted.</summary>
    public async Task<IReadOnlyList<string>> CheckCreatedAsync() => await Patience.ExecuteAsync(async _ => await CheckAsync());

    private static async Task<IEnumerable<string>> ConfigurationAsync(IAdminClient admin, TopicSpec spec)
    {
        var described = await admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = spec.Name }], new() { RequestTimeout = Limit });
        var entries = described.Single().Entries;
        var expected = Configuration(spec);
        return expected
            .Where(wanted => entries.TryGetValue(wanted.Key, out var entry) && entry.Value != wanted.Value)
            .Select(wanted => $"{spec.Name}: {wanted.Key} is {entries[wanted.Key].Value}, expected {wanted.Value}");
    }

    private static Dictionary<string, int> Metadata(IAdminClient admin) =>
        admin.GetMetadata(Limit).Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);

    private static Dictionary<string, string> Configuration(TopicSpec spec) =>
        new() { ["cleanup.policy"] = spec.CleanupPolicy, ["retention.ms"] = spec.RetentionMs };

    private TopicSpecification Specification(TopicSpec spec) =>
        new() { Name = spec.Name, NumPartitions = spec.Partitions, ReplicationFactor = kafka.ReplicationFactor, Configs = Configuration(spec) };
}
