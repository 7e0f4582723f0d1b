using System.CommandLine;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Lifetime;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace ILoRA.Streaming.Cli.Commands.Topics;

/// <summary><c>ilora topics check</c></summary>
internal static class TopicsCheck
{
    public static Command Create()
    {
        var command =
            new DocumentedCommand("check", "Say where the brokers' topics differ from what the workers need; exit code 1 where they do",
            "ilora topics check --bootstrap broker1:9092 --json") { Report.JsonOption };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var differences = await new TopicProvisioning(Options.Create(new Cluster(parsed).ReachKafka())).CheckAsync();
        new Report(parsed).Write(new TopicsReport([], [], [.. differences.Select(difference => difference.Text)]), report => new Rows(
            report.Differences.Select(difference => new Text(difference))
                .DefaultIfEmpty(new Text("All topics exist and are as expected."))));
        return differences.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
