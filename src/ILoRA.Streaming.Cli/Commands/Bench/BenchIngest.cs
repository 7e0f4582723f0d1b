using System.CommandLine;
using Confluent.Kafka;
using ILoRA.Streaming.Cli.Benching;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Lifetime;

namespace ILoRA.Streaming.Cli.Commands.Bench;

/// <summary><c>ilora bench ingest</c></summary>
internal static class BenchIngest
{
    private const string Description = """
        Clicks through the ingest worker, on the given Kafka and Redis: events a second, from the first sequence emitted to the last.

        The clicks lie in the topic before the worker starts; topics and keys have a prefix of their own and are removed at the end.
        """;

    private static readonly Option<int> Events =
        new Option<int>("--events") { Description = "Clicks a run", HelpName = "N", DefaultValueFactory = _ => 300_000 }.AtLeast(1);
    private static readonly Option<int> Users =
        new Option<int>("--users") { Description = "Different users", HelpName = "N", DefaultValueFactory = _ => 50_000 }.AtLeast(1);

    public static Command Create()
    {
        var command =
            new DocumentedCommand("ingest", Description,
                "ilora bench ingest --bootstrap localhost:9092 --redis localhost:6379 --events 300000")
        {
            Events, Users, BenchOptions.Runs, BenchOptions.Seed, Report.JsonOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (events, machine) = (parsed.GetValue(Events), Machine.Current);
        var servers = new Cluster(parsed);
        var kafka = servers.ReachKafka();
        string version;
        using (var redis = servers.ConnectRedis())
            version = redis.GetServers()[0].Version.ToString();
        var rates = new List<(double PerSecond, double Seconds)>();
        for (var run = 0; run <= BenchOptions.PositiveRuns(parsed); run++)
        {
            await using var cluster = new BenchCluster(servers.Kafka, servers.Redis);
            await cluster.CreateTopicsAsync();
            var clicks = new SyntheticClicks(parsed.GetValue(Users), 5_000, parsed.GetValue(BenchOptions.Seed));
            await cluster.FillAsync(cluster.Kafka.Topics.Clicks, events, clicks.Next);
            var rate = await new IngestRun(cluster, servers.Redis.Connection, events).RunAsync(cancellation);
            await parsed.InvocationConfiguration.Error.WriteLineAsync(
                $"bench ingest: {(run == 0 ? "warm-up" : $"run {run}")}: {rate.PerSecond:N0} events/s");
            if (run > 0)
                rates.Add(rate);
        }
        new Report(parsed).WriteLine(new
        {
            bench = "ingest",
            events,
            users = parsed.GetValue(Users),
            partitions = kafka.Partitions ?? Streaming.Kafka.Topics.DefaultPartitions,
            events_per_second = Math.Round(Runs.Median(rates.Select(rate => rate.PerSecond))),
            seconds_with_start = Runs.Rounded(Runs.Median(rates.Select(rate => rate.Seconds))),
            runs = rates.Select(rate => Math.Round(rate.PerSecond)),
            machine,
            versions = new { ilora = HostFlags.Version, librdkafka = Library.VersionString, redis = version },
        });
        return ExitCode.Done;
    }
}
