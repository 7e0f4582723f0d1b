using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Rollout;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.IntegrationTests.Stores;

/// <summary>What a store of inference workers' reports has to keep.</summary>
public abstract class ServingReportsContract : IDisposable
{
    private readonly ConnectionMultiplexer redis;
    private readonly SequenceKeys keys;
    private readonly ServingReports reports;

    protected ServingReportsContract(string connection)
    {
        redis = ConnectionMultiplexer.Connect(connection);
        var options = new RedisOptions { Namespace = new($"{Guid.NewGuid():N}.") };
        (keys, reports) = (new SequenceKeys(options.KeyPrefix), new ServingReports(redis, Options.Create(options)));
    }

    [Fact]
    public async Task What_workers_report_is_read_back_by_worker()
    {
        var second =
            Report("host/2") with
            {
                Pending = new(new("trial"), 4, "arm b has no version"),
                Refused = new Dictionary<string, string> { ["trial/trial-000001"] = "another sha256" }
            };
        await reports.WriteAsync(second);
        await reports.WriteAsync(Report("host/1"));

        var read = await reports.ReadAsync();

        Assert.Equal(["host/1", "host/2"], read.Select(stored => stored.Report.Worker));
        Assert.All(read, stored => Assert.False(stored.IsStale));
        Assert.Equivalent(second, read[1].Report, strict: true);
    }

    [Fact]
    public async Task A_newer_report_takes_the_place_of_the_one_before()
    {
        await reports.WriteAsync(Report("host/1"));
        await reports.WriteAsync(Report("host/1") with { Plan = new(new("spring"), 9) });

        Assert.Equal(9, Assert.Single(await reports.ReadAsync()).Report.Plan!.Revision);
    }

    [Fact]
    public async Task A_worker_that_has_been_silent_is_stale_and_then_forgotten()
    {
        await reports.WriteAsync(Report("host/1"));
        var left = ServingReports.Expiry - ServingReports.Fresh - TimeSpan.FromSeconds(1);
        await redis.GetDatabase().KeyExpireAsync(keys.Serving("host/1"), left);
        Assert.True(Assert.Single(await reports.ReadAsync()).IsStale);

        await redis.GetDatabase().KeyDeleteAsync(keys.Serving("host/1"));
        Assert.Empty(await reports.ReadAsync());
        Assert.Equal(0, await redis.GetDatabase().SetLengthAsync(keys.ServingWorkers));
    }

    [Fact]
    public async Task A_worker_that_stops_takes_its_report_back()
    {
        await reports.WriteAsync(Report("host/1"));
        await reports.RemoveAsync("host/1");

        Assert.Empty(await reports.ReadAsync());
    }

    public void Dispose()
    {
        redis.GetDatabase().KeyDelete([keys.Serving("host/1"), keys.Serving("host/2"), keys.ServingWorkers]);
        redis.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ServingReport Report(string worker) => new()
    {
        Worker = worker,
        Time = DateTimeOffset.UnixEpoch,
        Plan = new(new("spring"), 3),
        Arms = [new(new("a"), new("online"), new("online-000007"), .75, null)],
    };
}
