using System.CommandLine;
using ILoRA.Streaming.Cli.Benching;
using ILoRA.Streaming.Cli.Clusters;
using ILoRA.Streaming.Cli.CommandLine;
using ILoRA.Streaming.Cli.Reporting;
using ILoRA.Streaming.CommandLine;
using ILoRA.Streaming.Hosting;
using ILoRA.Streaming.Lifetime;

namespace ILoRA.Streaming.Cli.Commands.Bench;

/// <summary><c>ilora bench redis</c></summary>
internal static class BenchRedis
{
    private static readonly Option<int> Events =
        new("--events") { Description = "Clicks a run", HelpName = "N", DefaultValueFactory = _ => 200_000 };
    private static readonly Option<int> Users =
        new("--users") { Description = "Different users", HelpName = "N", DefaultValueFactory = _ => 50_000 };
    private static readonly Option<int> Batch =
        new("--batch") { Description = "Clicks a batch", HelpName = "N", DefaultValueFactory = _ => 1_000 };

    public static Command Create()
    {
        var command =
            new DocumentedCommand("redis",
                "Sequence store alone, one batch after the other: clicks applied and users read a second. Keys have a prefix of their "
                + "own and are removed at the end",
            "ilora bench redis --redis localhost:6379 --batch 1000") { Events, Users, Batch, BenchOptions.Runs, BenchOptions.Seed,
                Report.JsonOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (events, users, batch, machine) = (parsed.GetValue(Events), parsed.GetValue(Users), parsed.GetValue(Batch), Machine.Current);
        if (events < 1 || users < 1 || batch < 1)
            throw new UsageException("--events, --users and --batch must be positive.");
        var cluster = new Cluster(parsed);
        using var redis = cluster.ConnectRedis();
        var (applies, reads) = (new List<double>(), new List<double>());
        for (var run = 0; run <= BenchOptions.PositiveRuns(parsed); run++)
        {
            var bench = new BenchCluster(cluster.Kafka, cluster.Redis);
            var work = new RedisRun(redis, bench.KeysHere(), batch);
            var applied =
                await work.AppliesPerSecondAsync(new SyntheticClicks(users, 5_000, parsed.GetValue(BenchOptions.Seed)), events,
                    cancellation);
            var read = await work.ReadsPerSecondAsync(users, events, cancellation);
            await bench.RemoveKeysAsync();
            if (run == 0)
                continue;
            applies.Add(applied);
            reads.Add(read);
        }
        new Report(parsed).WriteLine(new
        {
            bench = "redis",
            events,
            users,
            batch,
            applied_per_second = Math.Round(Runs.Median(applies)),
            read_per_second = Math.Round(Runs.Median(reads)),
            runs = new { applied = applies.Select(rate => Math.Round(rate)), read = reads.Select(rate => Math.Round(rate)) },
            machine,
            versions = new { ilora = HostFlags.Version, redis = redis.GetServers()[0].Version.ToString() },
        });
        return ExitCode.Done;
    }
}
