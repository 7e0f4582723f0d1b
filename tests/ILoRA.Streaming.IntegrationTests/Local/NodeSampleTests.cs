using System.Text.RegularExpressions;
using ILoRA.Streaming.IntegrationTests.Records;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Local;

/// <summary>The sample of a site in Node.js against the local host, in a namespace.</summary>
public sealed partial class NodeSampleTests
{
    private const string Scope = "node.";
    private const string User = "ann";
    private static readonly Dictionary<string, string> Environment = new() { ["ILORA__Namespace"] = Scope };
    private static readonly string Folder = Repository.PathOf("samples", "node-kafkajs");

    [Fact]
    public async Task A_site_with_kafkajs_gets_recommendations_and_its_reported_click_becomes_an_outcome()
    {
        var node = Tool.Find("node");
        Assert.SkipWhen(node is null, "Node.js is not installed");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "kafkajs")), "kafkajs is not installed: run npm ci in samples/node-kafkajs");
        await using var local = await LocalProcess.StartAsync(Environment, "--speed", "20");
        using var clicks = new TopicReader(local.Bootstrap, Scope + "clicks");
        using var sequences = new TopicReader(local.Bootstrap, Scope + "sequences");
        using var outcomes = new TopicReader(local.Bootstrap, Scope + "outcomes");

        var site = await Tool.RunAsync(node!, [Path.Combine(Folder, "site.js"), local.Bootstrap, User], Environment);

        Assert.True(site.ExitCode == 0, $"{site.Output}\n{site.Errors}\n{local.Output}");
        var reported = Reported().Match(site.Output);
        Assert.True(reported.Success, site.Output);
        var (item, recommendation) = (reported.Groups["item"].Value, reported.Groups["recommendation"].Value);
        await Eventually.Holds("the click is an outcome", () => Of(outcomes).Any(record => Text(record, "item") == item), seen: () => local.Output);
        await Eventually.Holds("all four clicks are read", () => Of(clicks).Count() == 4 && Of(sequences).Count() == 4);
        var answer = Assert.Single(Of(clicks), record => record.Json.TryGetProperty("recommendation", out _));
        Assert.Equal((item, recommendation), (Text(answer, "item"), Text(answer, "recommendation")));
        // Both clients' partitioners agree: the user's clicks are in the partition that this product sends the user's sequences to.
        Assert.All(Of(clicks).Concat(Of(sequences)), record => Assert.Equal(answer.Partition, record.Partition));
    }

    private static IEnumerable<TopicRecord> Of(TopicReader topic) => topic.Records.Where(record => record.Key == User);

    private static string Text(TopicRecord record, string name) => record.Json.GetProperty(name).GetString()!;

    [GeneratedRegex("clicked (?<item>\\S+) of recommendation (?<recommendation>\\S+)")]
    private static partial Regex Reported();
}
