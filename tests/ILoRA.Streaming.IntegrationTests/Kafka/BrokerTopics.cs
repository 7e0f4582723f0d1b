using Confluent.Kafka;
using Confluent.Kafka.Admin;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Options;

namespace ILoRA.Streaming.IntegrationTests.Kafka;

/// <summary>
/// Topics in a namespace of their own on the real Kafka of this run (the embedded one knows no topic administration); deleted at the end.
/// </summary>
public sealed class BrokerTopics : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly IAdminClient admin;

    public BrokerTopics()
    {
        Assert.SkipWhen(RealServers.Bootstrap is null, $"no real Kafka: set {RealServers.BootstrapVariable}");
        admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = RealServers.Bootstrap }).Build();
    }

    public string Namespace { get; } = $"topics-{Guid.NewGuid():N}"[..15] + ".";

    public Topics Names => new(Namespace);

    /// <summary>The product's own view of them.</summary>
    public TopicProvisioning Provisioning(int? partitions = null) =>
        new(Options.Create(new KafkaOptions { Bootstrap = RealServers.Bootstrap!, Namespace = new(Namespace), Partitions = partitions }));

    /// <summary>The topics that exist, with their partitions.</summary>
    public Dictionary<string, int> Existing() => admin.GetMetadata(Limit).Topics
        .Where(topic => topic.Topic.StartsWith(Namespace, StringComparison.Ordinal))
        .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);

    /// <summary>Creates one as somebody else would.</summary>
    public Task CreateAsync(string topic, int partitions, params (string Setting, string Value)[] settings) => admin.CreateTopicsAsync(
        [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = -1,
            Configs = settings.ToDictionary(setting => setting.Setting, setting => setting.Value) }], new() { OperationTimeout = Limit });

    public Task AlterAsync(string topic, string setting, string value) => admin.IncrementalAlterConfigsAsync(new()
    {
        [new() { Type = ResourceType.Topic, Name = topic }] = [new() { Name = setting, Value = value,
            IncrementalOperation = AlterConfigOpType.Set }],
    });

    public async Task<string> SettingAsync(string topic, string name) =>
        (await admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = topic }])).Single().Entries[name].Value;

    public async ValueTask DisposeAsync()
    {
        if (Existing().Keys.ToArray() is { Length: > 0 } left)
            await admin.DeleteTopicsAsync(left);
        admin.Dispose();
    }
}
