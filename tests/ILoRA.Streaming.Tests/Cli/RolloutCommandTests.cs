using System.Text.Json;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Kafka;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Redis;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class RolloutCommandTests : IClassFixture<EmbeddedServers>, IDisposable
{
    private readonly EmbeddedServers servers;
    private readonly Topics topics;
    private readonly TopicProbe probe;
    private readonly ConnectionMultiplexer redis;
    private readonly string folder = Directory.CreateTempSubdirectory("ilora-rollout").FullName;

    public RolloutCommandTests(EmbeddedServers servers)
    {
        this.servers = servers;
        topics = new Topics(servers.NewPrefix());
        probe = new TopicProbe(servers.Bootstrap);
        redis = ConnectionMultiplexer.Connect(servers.Redis);
    }

    [Fact]
    public async Task A_plan_that_names_an_unknown_version_is_refused_in_one_line_with_the_nearest()
    {
        await AnnounceAsync("online-000001", "online-000012");

        var run = await ApplyAsync("online", "online-000013");

        Assert.Equal(
            (1, "ilora rollout apply: arm all: version online-000013 of line online was never announced; the nearest known is "
                + "online-000012. See 'ilora adapters list', or apply it with --force."),
            (run.Code, run.Error.TrimEnd()));
        Assert.Empty(probe.Records(topics.Rollouts));
    }

    [Fact]
    public async Task A_plan_that_follows_an_unknown_line_is_refused_too()
    {
        await AnnounceAsync("online-000001");

        var run = await ApplyAsync("onlin", null);

        Assert.Equal(1, run.Code);
        Assert.Contains("no version of line onlin was announced; the nearest known is online.",
            Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Force_applies_it_with_a_warning()
    {
        await AnnounceAsync("online-000001");

        var run = await ApplyAsync("trial", null, "--force");

        Assert.Equal(0, run.Code);
        Assert.StartsWith("warning: arm all: no version of line trial was announced", run.Error, StringComparison.Ordinal);
        Assert.Equal("trial", Assert.Single(probe.Events<RolloutPlan>(topics.Rollouts)).Arms[0].Line.Value);
    }

    [Fact]
    public async Task A_plan_whose_line_has_no_legal_name_is_a_bad_file()
    {
        var run = await ApplyAsync("my line", null, "--force");

        Assert.Equal(2, run.Code);
        var line = Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Contains("$.arms[0].line: 'my line' cannot name a line: give 1 to 200 of", line, StringComparison.Ordinal);
        Assert.Empty(probe.Records(topics.Rollouts));
    }

    [Theory]
    [InlineData("my line")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_version_is_not_published_under_what_cannot_name_a_line(string name)
    {
        var run = await RunAsync("adapters", "publish", folder, "--line", name);

        Assert.Equal(2, run.Code);
        var line = Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.StartsWith($"ilora adapters publish: --line '{name}' cannot name a line: give 1 to 200 of", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("""{"rollout":"a","rollout":"b"}""", "rollout")]
    [InlineData("[]", "not a JSON object")]
    public async Task A_file_that_holds_no_plan_is_refused_in_one_line(string text, string reason)
    {
        var file = Path.Combine(folder, "plan.json");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var run = await RunAsync("rollout", "apply", file);
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_of_what_was_announced_is_applied_in_silence()
    {
        await AnnounceAsync("online-000001");

        var run = await ApplyAsync("online", "online-000001");

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_version_that_knows_under_half_of_the_catalogue_is_warned_of_when_it_is_published_and_applied()
    {
        foreach (var item in new[] { "a", "x", "y", "z" })
            await probe.SendAsync(topics.Items, item, new ItemEvent { Item = new(item), Title = item });
        foreach (var item in new[] { "x", "y" })
            await probe.SendAsync(topics.Clicks, "u1", A.Click(item: item));
        SnapshotFolder.Save(SmallSnapshot.Create(), folder);

        var published = await RunAsync("adapters", "publish", folder, "--line", "online", "--json");
        var applied = await ApplyAsync("online", null);

        Assert.Equal((0, 0), (published.Code, applied.Code));
        Assert.Contains("warning: this version knows 1 of 4 items of the catalogue and 0 of 2 recently clicked items;", published.Error,
            StringComparison.Ordinal);
        Assert.Equal((.25, 0.0), (Number(published.Output, "items_known"), Number(published.Output, "clicked_known")));
        Assert.Contains("warning: online/online-000001 knows 1 of 4 items of the catalogue and 0 of 2 recently clicked items;",
            applied.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("online", false)]
    [InlineData("onlin", true)]
    public async Task A_version_of_a_line_that_nobody_is_served_is_noted_when_it_is_published(string line, bool noted)
    {
        SnapshotFolder.Save(SmallSnapshot.Create(), folder);

        var published = await RunAsync("adapters", "publish", folder, "--line", line);

        Assert.Equal(0, published.Code);
        Assert.Equal(noted, published.Error.Contains($"note: no arm of the plan that is served (default 1) is of line {line};",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Show_says_what_workers_really_serve_and_why_not_the_plan_that_was_applied()
    {
        await AnnounceAsync("online-000001");
        Assert.Equal(0, (await ApplyAsync("trial", null, "--force")).Code);
        await Reports.WriteAsync(new ServingReport
        {
            Worker = "host/1",
            Time = A.Start,
            Plan = new(new("default"), 1),
            Arms = [new(new("online"), new("online"), new("online-000001"), .3, .25)],
            Pending = new(new("checked"), 1, "arm all follows line trial, which has no usable version"),
        });

        var text = await RunAsync("rollout", "show");
        using var json = JsonDocument.Parse((await RunAsync("rollout", "show", "--json")).Output);

        Assert.Equal((0, ""), (text.Code, text.Error));
        Assert.Contains("0 of 1", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("(served)", text.Output, StringComparison.Ordinal);
        Assert.Contains("which has no usable version", text.Output, StringComparison.Ordinal);
        Assert.Equal("checked", json.RootElement.GetProperty("applied").GetProperty("rollout").GetString());
        var worker = Assert.Single(json.RootElement.GetProperty("workers").EnumerateArray());
        Assert.Equal(("host/1", "default", false),
            (worker.GetProperty("worker").GetString(), worker.GetProperty("rollout").GetString(),
                worker.GetProperty("stale").GetBoolean()));
        Assert.Equal("online-000001", worker.GetProperty("arms")[0].GetProperty("version").GetString());
        Assert.Equal("arm all follows line trial, which has no usable version",
            worker.GetProperty("pending").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Show_without_Redis_shows_the_plans_and_fails()
    {
        await AnnounceAsync("online-000001");

        var run = await RunAsync("rollout", "show", "--json", "--redis", "127.0.0.1:1,connectTimeout=200");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("ilora rollout show: what workers serve is unknown. Redis: no answer from 127.0.0.1:1", run.Error,
            StringComparison.Ordinal);
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.TryGetProperty("workers", out _));
    }

    public void Dispose()
    {
        redis.Dispose();
        probe.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private ServingReports Reports => new(redis, Options.Create(new RedisOptions { Namespace = new(topics.Prefix) }));

    private async Task AnnounceAsync(params string[] versions)
    {
        foreach (var version in versions)
        {
            // Parts that no store holds: only names are looked at.
            var part = new SnapshotPart { Sha256 = new string('0', 64), Bytes = 1, Location = "redis:" + new string('0', 64) };
            var manifest = SmallSnapshot.Manifest(version) with { Parts = SnapshotParts.Names.ToDictionary(name => name, _ => part) };
            await probe.SendAsync(topics.Adapters, manifest.Key, manifest);
        }
    }

    private async Task<IloraProcess.Result> ApplyAsync(string line, string? version, params string[] options)
    {
        var plan =
            new
            {
                rollout = "checked",
                salt = "s",
                arms = new[] { new { arm = "all", line, version, share = 10_000 } },
                stage = "running",
                by = "tests",
                reason = "a test"
            };
        var file = Path.Combine(folder, "plan.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(plan), TestContext.Current.CancellationToken);
        return await RunAsync(["rollout", "apply", file, .. options]);
    }

    private Task<IloraProcess.Result> RunAsync(params string[] arguments) =>
        IloraProcess.RunAsync(
            [.. arguments, "--bootstrap", servers.Bootstrap, "--namespace", topics.Prefix,
                .. arguments.Contains("--redis") ? Array.Empty<string>() : ["--redis", servers.Redis]]);

    private static double Number(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetDouble();
    }
}
