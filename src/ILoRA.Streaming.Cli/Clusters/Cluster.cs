using System.CommandLine;
using ILoRA.Streaming.Adapters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Ingest;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Cli.Clusters;

/// <summary>The Kafka and Redis that a command talks to: appsettings.json, then ILORA__ variables, then flags.</summary>
internal sealed class Cluster(ParseResult parsed)
{
    public IConfiguration Configuration { get; } = Configure(parsed);

    /// <summary>The settings that commands read.</summary>
    private static readonly SettingsSection[] Sections =
    [
        new(KafkaOptions.Section, typeof(KafkaOptions)),
        new(RedisOptions.Section, typeof(RedisOptions)),
        new(SnapshotOptions.Section, typeof(SnapshotOptions)),
        new(IngestOptions.Section, typeof(IngestOptions)),
        new(WeightCacheOptions.Section, typeof(WeightCacheOptions)),
    ];

    private static readonly TimeSpan KafkaAnswers = TimeSpan.FromSeconds(5);

    private KafkaOptions? kafka;

    /// <summary>Read and checked once: a check of client properties makes clients.</summary>
    public KafkaOptions Kafka => kafka ??= KafkaOptions.Of(Configuration);

    /// <summary>The same, once a broker has answered: else fails in one line, where the clients would go on trying.</summary>
    public KafkaOptions ReachKafka()
    {
        return Brokers.WhyUnreached(Kafka, KafkaAnswers) is null ? Kafka
            : throw new TimeoutException(
                $"Kafka: no answer from {Kafka.Bootstrap} in {KafkaAnswers.TotalSeconds:0} s; name other brokers with --bootstrap.");
    }

    /// <summary>
    /// The same, once the topic to be written to is as it must be: the first record sent to a missing one would make brokers create it with
    /// their own defaults.
    /// </summary>
    public async Task<KafkaOptions> ReachTopicsAsync(Func<Streaming.Kafka.Topics, string> written)
    {
        var kafka = ReachKafka();
        await RequireTopicsAsync([written(kafka.Topics)]);
        return kafka;
    }

    /// <summary>Fails where a topic to be written to is not as it must be.</summary>
    public async Task RequireTopicsAsync(IReadOnlyCollection<string> written)
    {
        if (written.Count == 0)
            return;
        var differences = await new TopicProvisioning(Options.Create(Kafka)).CheckAsync();
        var vital = differences.Where(difference => difference.Vital && written.Contains(difference.Topic)).ToArray();
        if (vital.Length > 0)
            throw new InvalidOperationException($"{TopicDifference.Summary(vital)}. Nothing was sent.");
    }

    public RedisOptions Redis => RedisOptions.Of(Configuration);

    public ILoggerFactory Logs { get; } = LoggerFactory.Create(logging => logging
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true)
        .SetMinimumLevel(LogLevel.Warning)
        // Says once where hundreds of megabytes went.
        .AddFilter(typeof(WeightCache).FullName, LogLevel.Information));

    public EventProducer Producer() => new(Kafka, "ilora", Dependencies(), Logs.CreateLogger<EventProducer>());

    /// <summary>Reports the outages that a command meets.</summary>
    public Dependencies Dependencies() => new(TimeProvider.System, Logs.CreateLogger<Dependencies>());

    /// <summary>Where snapshot parts rest; Redis is asked only where the configuration names no folder.</summary>
    public ISnapshotStore Snapshots()
    {
        var options = Configuration.GetSection(SnapshotOptions.Section).Get<SnapshotOptions>() ?? new();
        return options.Store == SnapshotStoreKind.Files
            ? new FileSnapshotStore(options.Folder) : new RedisSnapshotStore(ConnectRedis(), Redis.KeyPrefix);
    }

    /// <summary>As the ingest worker's, by the clock of this machine.</summary>
    public ClickClock ClickClock() =>
        new(TimeProvider.System, Options.Create(Configuration.GetSection(IngestOptions.Section).Get<IngestOptions>() ?? new()));

    public WeightCache Weights() =>
        new(Options.Create(Configuration.GetSection(WeightCacheOptions.Section).Get<WeightCacheOptions>() ?? new()), TimeProvider.System,
            Logs.CreateLogger<WeightCache>());

    public DependencyRetry Retry() => new(Kafka.RetryBudget, TimeProvider.System, Dependencies());

    /// <summary>Fails at once, in one line, where no Redis answers.</summary>
    public IConnectionMultiplexer ConnectRedis()
    {
        var connection = Redis.Connect();
        if (connection.IsConnected)
            return connection;
        connection.Dispose();
        throw new TimeoutException($"Redis: no answer from {Redis.Connection}; name another server with --redis.");
    }

    private static IConfiguration Configure(ParseResult parsed)
    {
        var (bootstrap, redis) = (parsed.GetValue(Servers.Bootstrap), parsed.GetValue(Servers.Redis));
        return SettingSources.Read(HostFlags.Servers(bootstrap, redis, parsed.GetValue(Servers.Namespace)), Sections);
    }
}
