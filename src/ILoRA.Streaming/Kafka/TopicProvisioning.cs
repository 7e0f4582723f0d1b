using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Polly;

namespace ILoRA.Streaming.Kafka;

/// <summary>
/// Creates the topics, says where existing ones differ and mends what can be mended. It asks brokers without making them create anything.
/// </summary>
public sealed class TopicProvisioning(IOptions<KafkaOptions> options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // A worker that is told to stop while no broker answers waits so long.
    private static readonly TimeSpan MetadataLimit = TimeSpan.FromSeconds(10);
    private static readonly ResiliencePipeline<Seen> Patience = new ResiliencePipelineBuilder<Seen>()
        .AddTimeout(TimeSpan.FromMinutes(1))
        .AddRetry(new()
        {
            ShouldHandle =
                new PredicateBuilder<Seen>().HandleResult(seen => !seen.Settled).Handle<KafkaException>(error => !error.Error.IsFatal),
            Delay = TimeSpan.FromMilliseconds(200),
            MaxRetryAttempts = 50,
        })
        .Build();

    // One broker names a new topic while another, which is asked for its settings, has not heard of it.
    private static readonly ResiliencePipeline Propagation = new ResiliencePipelineBuilder()
        .AddRetry(new()
        {
            ShouldHandle = new PredicateBuilder().Handle<DescribeConfigsException>(
                refused => refused.Results.Any(result => result.Error.Code == ErrorCode.UnknownTopicOrPart)),
            Delay = TimeSpan.FromMilliseconds(200),
            MaxRetryAttempts = 50,
        })
        .Build();

    private readonly KafkaOptions kafka = options.Value;

    /// <summary>Where the brokers' topics differ from what the workers need; empty when all is right.</summary>
    public async Task<IReadOnlyList<TopicDifference>> CheckAsync()
    {
        using var admin = Brokers.Admin(kafka);
        return await CheckAsync(admin);
    }

    /// <summary>Creates what is missing and alters settings that differ; adds partitions only where it is told to.</summary>
    /// <returns>What was mended, and what still differs.</returns>
    public async Task<(IReadOnlyList<TopicDifference> Mended, IReadOnlyList<TopicDifference> Left)> CreateAsync(bool addPartitions = false)
    {
        using var admin = Brokers.Admin(kafka);
        var found = await CheckAsync(admin);
        TopicDifference[] mended = [.. found.Where(
            seen => seen is MissingTopic or OtherSetting || (addPartitions && seen is TooFewPartitions))];
        if (mended.Length == 0)
            return (mended, found);
        await CreateAsync(admin, [.. mended.OfType<MissingTopic>()]);
        await AlterAsync(admin, [.. mended.OfType<OtherSetting>()]);
        await GrowAsync(admin, [.. mended.OfType<TooFewPartitions>()]);
        return (mended, await SettledAsync(admin, mended));
    }

    /// <summary>What differs once the mended is seen to be mended: brokers hear of a change one after the other.</summary>
    private async Task<IReadOnlyList<TopicDifference>> SettledAsync(IAdminClient admin, TopicDifference[] mended)
    {
        var gone = mended.Select(difference => difference.Text).ToHashSet(StringComparer.Ordinal);
        var seen = await Patience.ExecuteAsync(async _ =>
        {
            var left = await CheckAsync(admin);
            return new Seen(left, Settled: !left.Any(difference => gone.Contains(difference.Text)));
        });
        return seen.Left;
    }

    private async Task<IReadOnlyList<TopicDifference>> CheckAsync(IAdminClient admin)
    {
        int? replicas = kafka.ReplicationFactor > 0 ? kafka.ReplicationFactor : null;
        var comparison = new TopicComparison(kafka.Topics, kafka.Partitions, replicas);
        return await Propagation.ExecuteAsync(async _ => comparison.Differences(await StateAsync(admin)));
    }

    private async Task<Dictionary<string, TopicState>> StateAsync(IAdminClient admin)
    {
        var names = kafka.Topics.All(1).Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        // Of all topics: a request for one by its name would make brokers with auto.create.topics.enable create it.
        var metadata = await Task.Run(() => admin.GetMetadata(MetadataLimit));
        var topics = metadata.Topics.Where(topic => names.Contains(topic.Topic) && topic.Partitions.Count > 0).ToArray();
        var settings = topics.Length > 0 && await KeepsSettingsAsync(admin, metadata.Brokers[0].BrokerId)
            ? await SettingsAsync(admin, topics.Select(topic => topic.Topic))
            : [];
        return topics.ToDictionary(
            topic => topic.Topic,
            topic => new TopicState(topic.Partitions.Count, topic.Partitions[0].Replicas.Length,
                settings.GetValueOrDefault(topic.Topic) ?? []));
    }

    /// <summary>
    /// The embedded Kafka keeps none. Asked for a topic's, the client runs into the time limit; asked for a broker's, it says so at once.
    /// </summary>
    private static async Task<bool> KeepsSettingsAsync(IAdminClient admin, int broker)
    {
        var resource = new ConfigResource { Type = ResourceType.Broker, Name = broker.ToString(CultureInfo.InvariantCulture) };
        try
        {
            await admin.DescribeConfigsAsync([resource], new() { RequestTimeout = Limit });
            return true;
        }
        catch (DescribeConfigsException)
        {
            // Who may not read a broker's settings may still read a topic's.
            return true;
        }
        catch (KafkaException unknown) when (unknown.Error.Code == ErrorCode.Local_UnsupportedFeature)
        {
            return false;
        }
    }

    private static async Task<Dictionary<string, Dictionary<string, string>>> SettingsAsync(IAdminClient admin, IEnumerable<string> topics)
    {
        try
        {
            var described = await admin.DescribeConfigsAsync(topics.Select(Resource), new() { RequestTimeout = Limit });
            return ByTopic(described.Select(topic => (topic.ConfigResource, topic.Entries)));
        }
        catch (DescribeConfigsException refused)
            when (refused.Results.All(result => result.Error.Code is ErrorCode.TopicAuthorizationFailed or ErrorCode.NoError))
        {
            // Who may not read the settings can still work with the topics.
            var told = refused.Results.Where(result => !result.Error.IsError);
            return ByTopic(told.Select(topic => (topic.ConfigResource, topic.Entries)));
        }
    }

    private static Dictionary<string, Dictionary<string, string>> ByTopic(
        IEnumerable<(ConfigResource Resource, Dictionary<string, ConfigEntryResult> Entries)> described) =>
        described.ToDictionary(topic => topic.Resource.Name,
            topic => topic.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value));

    private async Task CreateAsync(IAdminClient admin, MissingTopic[] missing)
    {
        if (missing.Length == 0)
            return;
        try
        {
            var topics = missing.Select(topic => Specification(topic.Spec));
            await admin.CreateTopicsAsync(topics, new() { RequestTimeout = Limit, OperationTimeout = Limit });
        }
        catch (CreateTopicsException race) when (race.Results.All(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another one was first.
        }
    }

    private static async Task AlterAsync(IAdminClient admin, OtherSetting[] settings)
    {
        var entries =
            settings.GroupBy(setting => setting.Topic).ToDictionary(topic => Resource(topic.Key), topic => topic.Select(Entry).ToList());
        if (entries.Count > 0)
            await admin.IncrementalAlterConfigsAsync(entries, new() { RequestTimeout = Limit });
    }

    private static async Task GrowAsync(IAdminClient admin, TooFewPartitions[] topics)
    {
        PartitionsSpecification[] wanted = [.. topics.Select(
            topic => new PartitionsSpecification { Topic = topic.Topic, IncreaseTo = topic.Wanted })];
        if (wanted.Length > 0)
            await admin.CreatePartitionsAsync(wanted, new() { RequestTimeout = Limit, OperationTimeout = Limit });
    }

    private static ConfigResource Resource(string topic) => new() { Type = ResourceType.Topic, Name = topic };

    private static ConfigEntry Entry(OtherSetting setting) =>
        new() { Name = setting.Setting, Value = setting.Wanted, IncrementalOperation = AlterConfigOpType.Set };

    private TopicSpecification Specification(TopicSpec spec) => new()
    {
        Name = spec.Name,
        NumPartitions = spec.Partitions,
        ReplicationFactor = kafka.ReplicationFactor,
        Configs = spec.Settings.ToDictionary(),
    };

    private readonly record struct Seen(IReadOnlyList<TopicDifference> Left, bool Settled);
}
