using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Polly;

namespace ILoRA.Streaming.Kafka;

/// <summary>Creates the topics, says where existing ones differ and mends what can be mended. It asks brokers without making them create anything.</summary>
public sealed class TopicProvisioning(IOptions<KafkaOptions> options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ResiliencePipeline<(IReadOnlyList<TopicDifference> Left, bool Settled)> Patience = new ResiliencePipelineBuilder<(IReadOnlyList<TopicDifference> Left, bool Settled)>()
        .AddTimeout(TimeSpan.FromMinutes(1))
        .AddRetry(new()
        {
            ShouldHandle = new PredicateBuilder<(IReadOnlyList<TopicDifference> Left, bool Settled)>().HandleResult(seen => !seen.Settled).Handle<KafkaException>(error => !error.Error.IsFatal),
            Delay = TimeSpan.FromMilliseconds(200),
            MaxRetryAttempts = 50,
        })
        .Build();

    private readonly KafkaOptions kafka = options.Value;

    /// <summary>Where the brokers' topics differ from what the workers need; empty when all is right.</summary>
    public async Task<IReadOnlyList<TopicDifference>> CheckAsync()
    {
        using var admin = Admin();
        return await CheckAsync(admin);
    }

    /// <summary>Creates what is missing and alters settings that differ; adds partitions only where <paramref name="addPartitions"/> says so.</summary>
    /// <returns>What was mended, and what still differs.</returns>
    public async Task<(IReadOnlyList<TopicDifference> Mended, IReadOnlyList<TopicDifference> Left)> CreateAsync(bool addPartitions = false)
    {
        using var admin = Admin();
        var found = await CheckAsync(admin);
        TopicDifference[] mended = [.. found.Where(difference => difference is MissingTopic or OtherSetting || (addPartitions && difference is TooFewPartitions))];
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
        var (left, _) = await Patience.ExecuteAsync(async _ => await CheckAsync(admin) is var seen ? (seen, !seen.Any(difference => gone.Contains(difference.Text))) : default);
        return left;
    }

    private async Task<IReadOnlyList<TopicDifference>> CheckAsync(IAdminClient admin)
    {
        var comparison = new TopicComparison(kafka.Topics, kafka.Partitions, kafka.ReplicationFactor > 0 ? (int)kafka.ReplicationFactor : null);
        return comparison.Differences(await StateAsync(admin));
    }

    private async Task<Dictionary<string, TopicState>> StateAsync(IAdminClient admin)
    {
        var names = kafka.Topics.All(1).Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        // Of all topics: a request for one by its name would make brokers with auto.create.topics.enable create it.
        var metadata = await Task.Run(() => admin.GetMetadata(Limit));
        var topics = metadata.Topics.Where(topic => names.Contains(topic.Topic) && topic.Partitions.Count > 0).ToArray();
        var settings = topics.Length > 0 && await KeepsSettingsAsync(admin, metadata.Brokers[0].BrokerId) ? await SettingsAsync(admin, topics.Select(topic => topic.Topic)) : [];
        return topics.ToDictionary(topic => topic.Topic, topic => new TopicState(topic.Partitions.Count, topic.Partitions[0].Replicas.Length, settings.GetValueOrDefault(topic.Topic) ?? []));
    }

    /// <summary>The embedded Kafka keeps none. Asked for a topic's it would run into the time limit; asked for a broker's the client says so at once.</summary>
    private static async Task<bool> KeepsSettingsAsync(IAdminClient admin, int broker)
    {
        try
        {
            await admin.DescribeConfigsAsync([new() { Type = ResourceType.Broker, Name = broker.ToString(CultureInfo.InvariantCulture) }], new() { RequestTimeout = Limit });
            return true;
        }
        catch (KafkaException refused) when (refused is DescribeConfigsException || refused.Error.Code == ErrorCode.Local_UnsupportedFeature)
        {
            // Who may not read a broker's settings may still read a topic's.
            return refused is DescribeConfigsException;
        }
    }

    private static async Task<Dictionary<string, Dictionary<string, string>>> SettingsAsync(IAdminClient admin, IEnumerable<string> topics)
    {
        try
        {
            var described = await admin.DescribeConfigsAsync(topics.Select(Resource), new() { RequestTimeout = Limit });
            return ByTopic(described.Select(topic => (topic.ConfigResource, topic.Entries)));
        }
        catch (DescribeConfigsException refused) when (refused.Results.All(result => result.Error.Code is ErrorCode.TopicAuthorizationFailed or ErrorCode.NoError))
        {
            // Who may not read the settings can still work with the topics.
            return ByTopic(refused.Results.Where(result => !result.Error.IsError).Select(topic => (topic.ConfigResource, topic.Entries)));
        }
    }

    private static Dictionary<string, Dictionary<string, string>> ByTopic(IEnumerable<(ConfigResource Resource, Dictionary<string, ConfigEntryResult> Entries)> described) =>
        described.ToDictionary(topic => topic.Resource.Name, topic => topic.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value));

    private async Task CreateAsync(IAdminClient admin, MissingTopic[] missing)
    {
        if (missing.Length == 0)
            return;
        try
        {
            await admin.CreateTopicsAsync(missing.Select(topic => Specification(topic.Spec)), new() { RequestTimeout = Limit, OperationTimeout = Limit });
        }
        catch (CreateTopicsException race) when (race.Results.All(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another one was first.
        }
    }

    private static async Task AlterAsync(IAdminClient admin, OtherSetting[] settings)
    {
        if (settings.Length > 0)
            await admin.IncrementalAlterConfigsAsync(settings.GroupBy(setting => setting.Topic).ToDictionary(topic => Resource(topic.Key), topic => topic.Select(Entry).ToList()), new() { RequestTimeout = Limit });
    }

    private static async Task GrowAsync(IAdminClient admin, TooFewPartitions[] topics)
    {
        if (topics.Length > 0)
            await admin.CreatePartitionsAsync(topics.Select(topic => new PartitionsSpecification { Topic = topic.Topic, IncreaseTo = topic.Wanted }), new() { RequestTimeout = Limit, OperationTimeout = Limit });
    }

    private static ConfigResource Resource(string topic) => new() { Type = ResourceType.Topic, Name = topic };

    private static ConfigEntry Entry(OtherSetting setting) => new() { Name = setting.Setting, Value = setting.Wanted, IncrementalOperation = AlterConfigOpType.Set };

    private TopicSpecification Specification(TopicSpec spec) =>
        new() { Name = spec.Name, NumPartitions = spec.Partitions, ReplicationFactor = kafka.ReplicationFactor, Configs = spec.Settings.ToDictionary() };

    private IAdminClient Admin() => new AdminClientBuilder(kafka.Admin()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
}
