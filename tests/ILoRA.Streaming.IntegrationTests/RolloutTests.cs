using System.Text.Json;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.IntegrationTests.Records;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.Rollout;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests;

[Collection(RealServersCollection.Name)]
public sealed class RolloutTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Seconds = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_plan_applied_while_clicks_flow_splits_users_as_the_hash_says_without_a_restart()
    {
        RealServersCollection.Required();
        await using var deployment = await Deployment.StartAsync("rollout");
        using var enough = new CancellationTokenSource();
        var flow = FlowAsync(deployment, enough.Token);
        var recommendations = deployment.Read("recommendations");
        var adapters = deployment.Read("adapters");
        await Eventually.Holds("a trained version serves under the default plan", () => Versions(recommendations).Count >= 2, Patience,
            () => string.Join(' ', Versions(recommendations)) + deployment.Trainer.Log);

        var pinned =
            adapters.Records.Select(record => record.Json.GetProperty("version").GetString()!)
                .First(version => version.StartsWith("online-", StringComparison.Ordinal));
        var file = await PlanFileAsync(deployment, pinned);
        (await deployment.IloraAsync("rollout", "apply", file)).Succeeded();

        List<TopicRecord> Split() => [.. recommendations.Records.Where(record => Text(record, "rollout") == "halves")];
        await Eventually.Holds("the plan serves within seconds", () => Split().Count > 0, Seconds, () => deployment.Inference.Log);
        await Eventually.Holds("both arms serve many users", () => Split().Select(record => Text(record, "user")).Distinct().Count() >= 200,
            Patience);
        await Eventually.Holds("the newest arm has moved on",
            () => Split().Where(record => Text(record, "arm") == "newest").Select(record => Text(record, "version")).Distinct()
                .Count() >= 2, Patience);
        await enough.CancelAsync();
        await flow;

        var plan = EventJson.Parse<RolloutPlan>(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        var split = Split();
        Assert.Equal([],
            split.Where(record => plan.Assign(new UserId(Text(record, "user"))).Name.Value != Text(record, "arm"))
                .Select(record => record.Text));
        Assert.All(split.Where(record => Text(record, "arm") == "pinned"), record => Assert.Equal(pinned, Text(record, "version")));
        Assert.All(split, record => Assert.Equal("online", Text(record, "line")));
        ShareIsHalf(split);
        // Once a partition serves the plan, no later recommendation in it is of the old one.
        Assert.All(recommendations.Records.GroupBy(record => record.Partition), partition =>
            Assert.DoesNotContain(partition.SkipWhile(record => Text(record, "rollout") != "halves"),
                record => Text(record, "rollout") != "halves"));
        deployment.EveryWorkerRuns();
    }

    static async Task FlowAsync(Deployment deployment, CancellationToken enough)
    {
        foreach (var second in RetailClick.First(20_000).Chunk(100))
        {
            await deployment.Clicks.SendAsync(second.Select(click => click.Record));
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            try
            {
                await pause.WaitForNextTickAsync(enough);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    static async Task<string> PlanFileAsync(Deployment deployment, string pinned)
    {
        var plan = new
        {
            rollout = "halves",
            revision = 1,
            salt = "halves-1",
            arms = new object[] { new { arm = "pinned", line = "online", version = pinned, share = 5000 },
                new { arm = "newest", line = "online", version = (string?)null, share = 5000 } },
            stage = "running",
            by = "tests",
            reason = "compare the newest version with a pinned one",
        };
        var file = Path.Combine(Path.GetTempPath(), $"{deployment.Prefix}plan.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(plan));
        return file;
    }

    static HashSet<string> Versions(TopicLog recommendations) => [.. recommendations.Records.Select(record => Text(record, "version"))];

    // Half of n users, within four standard deviations.
    static void ShareIsHalf(IEnumerable<TopicRecord> split)
    {
        var users = split.GroupBy(record => Text(record, "user")).Select(user => Text(user.First(), "arm")).ToArray();
        Assert.InRange(users.Count(arm => arm == "pinned"), (users.Length / 2.0) - (2 * Math.Sqrt(users.Length)),
            (users.Length / 2.0) + (2 * Math.Sqrt(users.Length)));
    }

    static string Text(TopicRecord record, string name) => record.Json.GetProperty(name).GetString()!;
}
