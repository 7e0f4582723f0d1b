using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Topics;

/// <summary><c>ilora topics create</c></summary>
internal static class TopicsCreate
{
    private const string Description = """
        Create the topics that are missing, alter settings that differ, and say what else differs and what mends it.

        The settings are those of clean-up, retention and compression; a longer retention than ours is left as it is. Partitions are added only with --add-partitions: a user's later events then lie in
        another partition than the earlier ones, and their order between the two is not kept. Stop what sends clicks, wait until the workers
        have read all of them (lag 0), stop the workers, add, then start both again.
        """;

    private static readonly Option<int?> Partitions = new("--partitions")
    {
        Description =
            $"Partitions of the topics keyed by user (default: the existing ones', else {Streaming.Kafka.Topics.DefaultPartitions})",
        HelpName = "N",
    };

    private static readonly Option<short?> Replicas =
        new("--replication-factor") { Description = "Replicas of each topic (default: the brokers')", HelpName = "N" };
    private static readonly Option<bool> AddPartitions = new("--add-partitions")
    {
        Description = "Add partitions to topics that have fewer: users move between partitions",
        Arity = ArgumentArity.Zero,
    };

    public static Command Create()
    {
        var command = new DocumentedCommand("create", Description,
            "ilora topics create --bootstrap broker1:9092 --partitions 12 --replication-factor 3",
            "ilora topics create --partitions 24 --add-partitions") { Partitions, Replicas, AddPartitions, Report.JsonOption };
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
        var (mended, left) = await new TopicProvisioning(Options.Create(kafka)).CreateAsync(parsed.GetValue(AddPartitions));
        var report = new TopicsReport(
            [.. mended.OfType<MissingTopic>().Select(topic => topic.Topic)],
            [.. mended.Where(change => change is not MissingTopic).Select(Change)],
            [.. left.Select(difference => difference.Text)]);
        new Report(parsed).Write(report, made => new Rows(
            made.Created.Select(topic => new Text($"created {topic}")).Concat(made.Altered.Select(change => new Text($"altered {change}")))
                .Concat(made.Differences.Select(difference => new Text($"differs: {difference}")))
                .DefaultIfEmpty(new Text("All topics exist and are as expected."))));
        return left.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Change(TopicDifference change) => change switch
    {
        OtherSetting setting => $"{setting.Topic}: {setting.Setting} from {setting.Found} to {setting.Wanted}",
        TooFewPartitions grown => $"{grown.Topic}: from {grown.Found} to {grown.Wanted} partitions; users have moved between partitions",
        _ => change.Text,
    };
}

/// <summary>What was created, what was altered and what still differs.</summary>
internal sealed record TopicsReport(IReadOnlyList<string> Created, IReadOnlyList<string> Altered, IReadOnlyList<string> Differences);
