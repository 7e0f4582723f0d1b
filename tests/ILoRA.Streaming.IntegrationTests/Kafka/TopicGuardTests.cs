using System.Text;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Telemetry;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ILoRA.Streaming.IntegrationTests.Kafka;

/// <summary>
/// Nothing of this product makes brokers create a topic with their own defaults, although they would (auto.create.topics.enable).
/// </summary>
[Collection(RealServersCollection.Name)]
public sealed class TopicGuardTests
{
    [Theory]
    [InlineData("ingest")]
    [InlineData("inference")]
    [InlineData("trainer")]
    public async Task A_worker_without_topics_ends_with_the_remedy_and_none_is_created(string service)
    {
        RealServersCollection.Required();
        await using var topics = new BrokerTopics();
        var (program, arguments) = Programs.OfService(service, Deployment.Bootstrap, Deployment.Redis, port: 0);

        var run =
            await Tool.RunAsync(program, [.. arguments, "--Kafka:RetryBudget", "00:00:02"],
                new Dictionary<string, string> { ["ILORA__Namespace"] = topics.Namespace });

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{topics.Names.DeadLetters}: missing; run `ilora topics create`", run.Errors, StringComparison.Ordinal);
        Assert.Empty(topics.Existing());
    }

    [Theory]
    [InlineData("items")]
    [InlineData("clicks")]
    public async Task An_import_without_its_topic_sends_nothing_and_creates_nothing(string what)
    {
        RealServersCollection.Required();
        await using var topics = new BrokerTopics();
        var file = Path.Combine(Directory.CreateTempSubdirectory("ilora-import").FullName, $"{what}.jsonl");
        await File.WriteAllTextAsync(file, """{"user":"ann","item":"i1","title":"T","time":"2026-01-01T00:00:00Z"}""" + "\n",
            TestContext.Current.CancellationToken);

        var run =
            await Tool.RunAsync(Programs.Of("ILoRA.Streaming.Cli"),
                [what, "import", file, "--bootstrap", Deployment.Bootstrap, "--namespace", topics.Namespace]);

        // Below the rows as they are understood.
        Assert.Equal(
            (1, $"ilora {what} import: {topics.Namespace}{what}: missing; run `ilora topics create` (with the same --namespace, where "
                + "one is set). Nothing was sent."), (run.ExitCode, run.Errors.TrimEnd().Split('\n')[^1]));
        Assert.Empty(topics.Existing());
    }

    [Fact]
    public async Task A_worker_is_ready_once_the_topics_are_created()
    {
        RealServersCollection.Required();
        await using var topics = new BrokerTopics();
        await using var ingest = await IngestHost.StartAsync(Deployment.Bootstrap, Deployment.Redis, topics.Namespace);
        var health = ingest.Services.GetRequiredService<WorkerHealth>();
        await Eventually.Holds("it says what it waits for",
            () => health.Ready().Description?.Contains("missing; run `ilora topics create`", StringComparison.Ordinal) == true);

        await topics.Provisioning(partitions: 2).CreateAsync();

        await Eventually.Holds("it is ready", () => health.Ready().Status == HealthStatus.Healthy,
            seen: () => $"{health.Ready().Description}");
        using var probe = new TopicProbe(Deployment.Bootstrap);
        await probe.SendRawAsync(topics.Names.Clicks, "ann",
            Encoding.UTF8.GetBytes("""{"user":"ann","item":"i1","time":"2026-01-01T00:00:00Z"}"""));
        await Eventually.Holds("and works", () => probe.Records(topics.Names.Sequences).Count == 1);
    }

    [Fact]
    public async Task A_topic_with_the_brokers_defaults_holds_a_worker_back_and_is_named()
    {
        RealServersCollection.Required();
        await using var topics = new BrokerTopics();
        await topics.Provisioning(partitions: 2).CreateAsync();
        await topics.AlterAsync(topics.Names.Items, "cleanup.policy", "delete");
        await using var ingest = await IngestHost.StartAsync(Deployment.Bootstrap, Deployment.Redis, topics.Namespace);
        var health = ingest.Services.GetRequiredService<WorkerHealth>();

        await Eventually.Holds("it names the setting",
            () => health.Ready().Description?.Contains($"{topics.Names.Items}: cleanup.policy is delete, expected compact",
                StringComparison.Ordinal) == true);
        await topics.Provisioning().CreateAsync();
        await ingest.Services.GetRequiredService<TopicGuard>().Passed.WaitAsync(TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken);
    }
}
