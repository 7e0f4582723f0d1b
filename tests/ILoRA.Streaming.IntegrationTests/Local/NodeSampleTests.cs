using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.IntegrationTests.Records;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.IntegrationTests.Local;

/// <summary>The sample of a site in Node.js against the local host, in a namespace.</summary>
public sealed partial class NodeSampleTests
{
    private const string Scope = "node.";
    private const string User = "ann";
    private static readonly Dictionary<string, string> Environment = new() { ["ILORA__Namespace"] = Scope };
    private static readonly string Folder = Repository.PathOf("samples", "node-kafkajs");
    private static readonly Dictionary<string, string> NodePath = new() { ["NODE_PATH"] = Path.Combine(Folder, "node_modules") };

    [Fact]
    public async Task A_site_with_kafkajs_gets_recommendations_and_its_reported_click_becomes_an_outcome()
    {
        var node = Node();
        await using var local = await LocalProcess.StartAsync(Environment, "--speed", "20");
        using var clicks = new TopicLog(local.Bootstrap, Scope + "clicks");
        using var sequences = new TopicLog(local.Bootstrap, Scope + "sequences");
        using var outcomes = new TopicLog(local.Bootstrap, Scope + "outcomes");

        var site = await Tool.RunAsync(node, [Path.Combine(Folder, "site.js"), local.Bootstrap, User], Environment);

        Assert.True(site.ExitCode == 0, $"{site.Output}\n{site.Errors}\n{local.Output}");
        var reported = Reported().Match(site.Output);
        Assert.True(reported.Success, site.Output);
        var (item, recommendation) = (reported.Groups["item"].Value, reported.Groups["recommendation"].Value);
        await Eventually.Holds("the click is an outcome", () => Of(outcomes).Any(record => Text(record, "item") == item),
            seen: () => local.Output);
        await Eventually.Holds("all four clicks are read", () => Of(clicks).Count() == 4 && Of(sequences).Count() == 4);
        var answer = Assert.Single(Of(clicks), record => record.Json.TryGetProperty("recommendation", out _));
        Assert.Equal((item, recommendation), (Text(answer, "item"), Text(answer, "recommendation")));
        Assert.All(Of(clicks).Concat(Of(sequences)), record => Assert.Equal(answer.Partition, record.Partition));
    }

    [Fact]
    public async Task Kafkajs_sends_every_user_to_the_partition_that_this_product_does()
    {
        const int partitions = 7;
        var node = Node();
        using var kafka = new EmbeddedKafka();
        kafka.CreateTopic("clicks", partitions);
        string[] users = [.. Enumerable.Range(0, 50).Select(number => $"user-{number}"), "Zoë", "李"];
        using var producer =
            new EventProducer(new KafkaOptions { Bootstrap = kafka.Bootstrap }, "test", SilentDependencies.Create(), NullLogger.Instance);
        await Task.WhenAll(
            users.Select(user => producer.ProduceAsync("clicks", user, "{}"u8.ToArray(), new("id", "test", DateTimeOffset.UnixEpoch))));
        using var probe = new TopicProbe(kafka.Bootstrap);
        var ours =
            probe.Records("clicks").ToDictionary(record => Encoding.UTF8.GetString(record.Message.Key), record => record.Partition.Value);

        const string script = """
            const choose = require('kafkajs').Partitioners.DefaultPartitioner();
            const partitionMetadata = [...Array(7).keys()].map(partitionId => ({ partitionId, leader: 1 }));
            console.log(JSON.stringify(Object.fromEntries(JSON.parse(process.argv[1]).map(key => [key, choose({ topic: 'clicks', partitionMetadata, message: { key } })]))));
            """;
        var theirs =
            JsonSerializer.Deserialize<Dictionary<string, int>>(
                (await Tool.RunAsync(node, ["-e", script, JsonSerializer.Serialize(users)], NodePath)).Succeeded());

        Assert.Equal(ours.OrderBy(user => user.Key, StringComparer.Ordinal), theirs!.OrderBy(user => user.Key, StringComparer.Ordinal));
    }

    private static string Node()
    {
        var node = Tool.Find("node");
        Assert.SkipWhen(node is null, "Node.js is not installed");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "kafkajs")),
            "kafkajs is not installed: run npm ci in samples/node-kafkajs");
        return node!;
    }

    private static IEnumerable<TopicRecord> Of(TopicLog topic) => topic.Records.Where(record => record.Key == User);

    private static string Text(TopicRecord record, string name) => record.Json.GetProperty(name).GetString()!;

    [GeneratedRegex("clicked (?<item>\\S+) of recommendation (?<recommendation>\\S+)")]
    private static partial Regex Reported();
}
