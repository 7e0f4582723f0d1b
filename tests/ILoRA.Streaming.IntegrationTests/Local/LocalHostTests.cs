using System.Text.Json;
using ILoRA.Streaming.IntegrationTests.Workers;

namespace ILoRA.Streaming.IntegrationTests.Local;

public sealed class LocalHostTests
{
    private static readonly string[] Fields =
    [
        "seconds", "clicks", "recommendations", "p50_ms", "p99_ms", "versions_published", "versions_served", "freshness_p50_s", "freshness_p99_s", "dead_letters",
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
        var run = await Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"), ["--duration", "10", "--json"], new Dictionary<string, string> { ["ILORA__Namespace"] = "eu." });
        using var summary = JsonDocument.Parse(run.Succeeded());
        Assert.True(summary.RootElement.GetProperty("recommendations").GetInt64() > 0, run.Output);
    }

    [Fact]
    public async Task A_topic_prefix_from_the_environment_is_refused_by_name()
    {
        var run = await Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"), ["--duration", "1"], new Dictionary<string, string> { ["ILORA__Kafka__TopicPrefix"] = "eu." });
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Kafka:TopicPrefix ('eu.') was renamed to Namespace", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
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
        Assert.Contains(named, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_snapshot_is_one_line_and_exit_code_2()
    {
        var empty = Directory.CreateTempSubdirectory("no-snapshot");
        var run = await Local("--snapshot", empty.FullName, "--duration", "5");
        empty.Delete();
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"{empty.FullName} holds no snapshot", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
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
        Assert.Contains($"{named} at 127.0.0.1:1 cannot be reached", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static Task<ToolResult> Local(params string[] arguments) => Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"), arguments);
}
