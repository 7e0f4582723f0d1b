using System.Text.Json;
using System.Text.RegularExpressions;
using ILoRA.Streaming.Embedded;
using ILoRA.Streaming.IntegrationTests.Workers;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.IntegrationTests.Local;

public sealed partial class LocalHostTests
{
    private static readonly string[] Fields =
    [
        "seconds", "clicks", "recommendations", "p50_ms", "p99_ms", "versions_published", "versions_served", "freshness_p50_s",
        "freshness_p99_s", "dead_letters",
        "hr10", "hr10_interval", "memory_mb", "first_recommendation_s",
    ];

    private static readonly string[] Lines = ["online", "frozen", "encoder", "popular"];

    [Fact]
    public async Task The_shipped_sample_is_served_learned_from_and_summed_up_in_one_document()
    {
        var run = await Local("--duration", "40", "--json");
        using var summary = JsonDocument.Parse(run.Succeeded());
        var root = summary.RootElement;
        Assert.All(Fields, field => Assert.True(root.TryGetProperty(field, out _), field));
        foreach (var name in new[] { "hr10", "hr10_interval" })
            Assert.Equal(Lines.Order(), root.GetProperty(name).EnumerateObject().Select(line => line.Name).Order());
        Assert.True(root.GetProperty("clicks").GetInt64() > 1_000, run.Output);
        Assert.True(root.GetProperty("recommendations").GetInt64() > 0, run.Output);
        Assert.True(root.GetProperty("versions_served").GetInt32() > 0, run.Output);
        Assert.Equal(0, root.GetProperty("dead_letters").GetInt64());
    }

    [Fact]
    public async Task The_embedded_servers_work_in_a_namespace_from_the_environment()
    {
        var run =
            await Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"), ["--duration", "10", "--json"],
                new Dictionary<string, string> { ["ILORA__Namespace"] = "eu." });
        using var summary = JsonDocument.Parse(run.Succeeded());
        Assert.True(summary.RootElement.GetProperty("recommendations").GetInt64() > 0, run.Output);
    }

    [Fact]
    public async Task A_topic_prefix_from_the_environment_is_refused_by_name()
    {
        var run =
            await Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"), ["--duration", "1"],
                new Dictionary<string, string> { ["ILORA__Kafka__TopicPrefix"] = "eu." });
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Kafka:TopicPrefix ('eu.') was renamed to Namespace", Mistake(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_shop_is_fitted_on_its_earlier_clicks_and_the_later_ones_are_streamed()
    {
        var folder = Directory.CreateTempSubdirectory("ilora-own-shop-").FullName;
        var (items, clicks) = (Path.Combine(folder, "products.tsv"), Path.Combine(folder, "clicks.csv"));
        var data = Path.Combine(folder, "data");
        SmallShop.WriteTitles(items);
        SmallShop.WriteClicks(clicks);
        var run = await Local("--items", items, "--clicks", clicks, "--data", data, "--duration", "40", "--json");
        using var summary = JsonDocument.Parse(run.Succeeded());
        Assert.Contains("No --snapshot is given for products.tsv: a model is fitted on the first 2,100 of 3,000 clicks", run.Errors,
            StringComparison.Ordinal);
        Assert.Contains("3 of 3, adapter", run.Errors, StringComparison.Ordinal);
        var hits = summary.RootElement.GetProperty("hr10");
        Assert.True(summary.RootElement.GetProperty("hr10_clicks").GetInt64() > 100, run.Output);
        // A model that knew none of the items would have no hit at all. How many it has goes by how late a busy machine answers.
        Assert.True(hits.GetProperty("frozen").GetDouble() > 0, run.Output);

        // The next start takes what was kept.
        var again = await Local("--items", items, "--clicks", clicks, "--data", data, "--duration", "1", "--json");
        again.Succeeded();
        Assert.Contains($"The model in {data}/fit was fitted on the first 2,100 of 3,000 clicks", again.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("adapter", again.Errors, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_own_shop_with_too_few_clicks_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("ilora-own-shop-").FullName;
        var (items, clicks) = (Path.Combine(folder, "products.tsv"), Path.Combine(folder, "clicks.tsv"));
        SmallShop.WriteTitles(items);
        File.WriteAllLines(clicks,
            Enumerable.Range(0, 10).Select(at => $"ann\t{SmallShop.Items[at].Id}\t{1_750_000_000 + at}").Prepend("user\titem\ttime"));
        var run = await Local("--items", items, "--clicks", clicks);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(
            "ilora-local: clicks.tsv, first 70 %: 6 of 7 clicks follow another one of the same user; 100 are needed to fit on.",
            Mistake(run), StringComparison.Ordinal);
        run = await Local("--items", items);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"ilora-local: --items {items}: give its --clicks too", Mistake(run), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("--minutes 0", "--minutes")]
    [InlineData("--sped 3", "--sped")]
    [InlineData("--speed 0", "--speed")]
    [InlineData("--duration x", "--duration")]
    [InlineData("--format parquet", "parquet")]
    [InlineData("--precision float16", "float16")]
    [InlineData("--backbone /nowhere", "--snapshot")]
    [InlineData("--items /nowhere/items.tsv", "/nowhere/items.tsv")]
    [InlineData("--layers 99", "has 2 layers, 99 were asked for")]
    [InlineData("--layers 1", "The snapshot was trained on the backbone")]
    public async Task Bad_usage_is_one_line_and_exit_code_2(string arguments, string named)
    {
        var run = await Local(arguments.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains(named, Mistake(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_snapshot_is_one_line_and_exit_code_2()
    {
        var empty = Directory.CreateTempSubdirectory("no-snapshot");
        var run = await Local("--snapshot", empty.FullName, "--duration", "5");
        empty.Delete();
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"{empty.FullName} holds no snapshot", Mistake(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--redis", "Redis")]
    [InlineData("--bootstrap", "Kafka")]
    public async Task A_server_that_cannot_be_reached_is_one_line_and_exit_code_1(string flag, string named)
    {
        // glibc overwrites what is freed, so that its use fails.
        var checks = new Dictionary<string, string> { ["MALLOC_PERTURB_"] = "165" };
        var run = await Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"), [flag, "127.0.0.1:1", "--duration", "5"], checks);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{named} at 127.0.0.1:1 cannot be reached", Mistake(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_has_died_does_not_keep_the_program_from_its_end()
    {
        var redis = new EmbeddedRedis();
        await using var local = await LocalProcess.StartAsync(new Dictionary<string, string>(), "--redis", redis.Connection);
        await Eventually.Holds("the trainer publishes", () => Published().IsMatch(local.Output), TimeSpan.FromMinutes(3),
            () => local.Output);
        redis.Dispose();

        Assert.Equal(0, await local.EndAsync());
        Assert.Contains("HR@10 on ", local.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("versions [1-9]")]
    private static partial Regex Published();

    /// <summary>The only line, but for the progress of reading on a slow machine.</summary>
    private static string Mistake(ToolResult run) => Assert.Single(
        run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.StartsWith("reading: ", StringComparison.Ordinal));

    private static Task<ToolResult> Local(params string[] arguments) => Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"), arguments);
}
