using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Kafka;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Topics;

/// <summary><c>ilora topics create</c></summary>
internal static class TopicsCreate
{
    private static readonly Option<int?> Partitions = new("--partitions") { Description = "Partitions of the topics keyed by user (default 6)", HelpName = "N" };
    private static readonly Option<short?> Replicas = new("--replication-factor") { Description = "Replicas of each topic (default: the brokers')", HelpName = "N" };

    public static Command Create()
    {
        var command = new DocumentedCommand("create", "Create the topics that are missing, with their partitions, compaction and retention; then check all",
            "ilora topics create --bootstrap broker1:9092 --partitions 12 --replication-factor 3") { Partitions, Replicas, Report.JsonOption };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var kafka = new Cluster(parsed).ReachKafka();
        kafka.Partitions = parsed.GetValue(Partitions) ?? kafka.Partitions;
        kafka.ReplicationFactor = parsed.GetValue(Replicas) ?? kafka.ReplicationFactor;
        if (kafka.Partitions < 1 || kafka.ReplicationFactor is 0 or < -1)
            throw new UsageException("--partitions and --replication-factor must be positive.");
        var provisioning = new TopicProvisioning(Options.Create(kafka));
        var created = await provisioning.CreateAsync();
        var differences = created.Count > 0 ? await provisioning.CheckCreatedAsync() : await provisioning.CheckAsync();
        new Report(parsed).Write(new TopicsReport(created, differences), report => new Rows(
            report.Created.Select(topic => new Text($"created {topic}"))
                .Concat(report.Differences.Select(difference => new Text($"differs: {difference}")))
                .DefaultIfEmpty(new Text("All topics exist and are as expected."))));
        return differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}

/// <summary>What was created and what still differs.</summary>
internal sealed record TopicsReport(IReadOnlyList<string> Created, IReadOnlyList<string> Differences);
