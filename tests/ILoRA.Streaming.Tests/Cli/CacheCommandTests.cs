using System.Text.Json;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class CacheCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cache-command").FullName;

    [Fact]
    public async Task List_says_what_is_kept_and_how_much_of_how_much()
    {
        Store('a', "SmolLM2.gguf", 2_000_000, daysAgo: 5);
        Store('b', "qwen", 1_000_000, daysAgo: 1);
        var run = await IloraProcess.RunAsync("cache", "list", "--folder", folder, "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Equal((folder, 3_000_000, 10L << 30),
            (root.GetProperty("folder").GetString(), root.GetProperty("bytes").GetInt64(), root.GetProperty("max_bytes").GetInt64()));
        Assert.Equal(["SmolLM2.gguf", "qwen"],
            root.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("model").GetString()));
        Assert.All(root.GetProperty("entries").EnumerateArray(), entry => Assert.False(entry.GetProperty("in_use").GetBoolean()));
    }

    [Fact]
    public async Task Clear_asks_nothing_and_says_what_it_removed()
    {
        var (old, recent) = (Store('a', "SmolLM2.gguf", 2_000_000, daysAgo: 40), Store('b', "qwen", 1_000_000, daysAgo: 1));
        var run = await IloraProcess.RunAsync("cache", "clear", "--folder", folder, "--older-than", "30");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("SmolLM2.gguf", run.Output, StringComparison.Ordinal);
        Assert.Contains("Removed 2 MB; 1 kept", run.Output, StringComparison.Ordinal);
        Assert.Equal((false, true), (Directory.Exists(old), Directory.Exists(recent)));
    }

    [Fact]
    public async Task An_empty_cache_is_no_error()
    {
        var run = await IloraProcess.RunAsync("cache", "list", "--folder", Path.Combine(folder, "not-there"));
        Assert.Equal(0, run.Code);
        Assert.Contains("0 MB of at most", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_negative_age_is_bad_usage()
    {
        var run = await IloraProcess.RunAsync("cache", "clear", "--folder", folder, "--older-than", "-1");
        Assert.Equal(2, run.Code);
        Assert.Contains("--older-than", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, true);

    private string Store(char key, string model, int bytes, int daysAgo)
    {
        var entry = Directory.CreateDirectory(Path.Combine(folder, $"{new string(key, 32)}-Fast-1")).FullName;
        File.WriteAllBytes(Path.Combine(entry, "weights.bin"), new byte[bytes]);
        File.WriteAllText($"{entry}.model", model);
        File.SetLastWriteTimeUtc($"{entry}.model", TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(daysAgo));
        return entry;
    }
}
