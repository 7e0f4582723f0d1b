using System.Globalization;
using System.Text.Json;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class BenchOnlineTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-online");
    private readonly string clicks;

    public BenchOnlineTests()
    {
        // Neighbours in the shipped catalogue, two each minute.
        clicks = Path.Combine(folder.FullName, "clicks.tsv");
        string[] items = [.. File.ReadLines(Sample("items.tsv")).Select(line => line.Split('\t')[0]).Take(40)];
        File.WriteAllLines(clicks,
            Enumerable.Range(0, 160)
                .Select(at =>
                    string.Create(CultureInfo.InvariantCulture,
                        $"u{at % 5}\t{items[(at + at / 5) % items.Length]}\t{1_300_000_000 + 30 * at}")).Prepend("user\titem\ttime"));
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_document_holds_lines_pairs_and_segments()
    {
        using var json =
            await BenchAsync("--adapter", Sample("snapshot"), "--lines", "frozen,anchored,encoder-online", "--seeds", "2",
                "--release-every", "32", "--delay", "16", "--candidates", "popular99");
        var root = json.RootElement;
        Assert.Equal(["anchored", "frozen", "encoder-online"], root.GetProperty("lines").EnumerateObject().Select(line => line.Name));
        foreach (var line in root.GetProperty("lines").EnumerateObject())
        {
            Assert.Equal(2 * root.GetProperty("tested").GetInt64(), line.Value.GetProperty("events").GetInt64());
            Assert.All((string[])["hr1", "hr10", "ndcg5"], name => Assert.InRange(line.Value.GetProperty(name).GetDouble(), 0, 1));
            Assert.Equal(line.Name == "frozen", line.Value.GetProperty("versions").GetInt32() == 0);
        }
        Assert.Equal(["anchored/frozen", "anchored/encoder-online"],
            root.GetProperty("paired").EnumerateObject().Select(pair => pair.Name));
        Assert.Equal("hr1", root.GetProperty("paired").GetProperty("anchored/frozen").GetProperty("metric").GetString());
        var segments = root.GetProperty("segments");
        Assert.Equal(["new-items", "known-items", "new", "active", "dormant"], segments.EnumerateObject().Select(segment => segment.Name));
        Assert.Equal(2 * root.GetProperty("tested").GetInt64(), segments.GetProperty("new").GetProperty("events").GetInt64());
        Assert.Equal(0, segments.GetProperty("dormant").GetProperty("events").GetInt64());
        Assert.True(root.GetProperty("freshness").GetProperty("p50_s").GetDouble() > 0);
        Assert.True(root.GetProperty("seconds").GetDouble() > 0);
    }

    [Fact]
    public async Task Given_an_encoder_it_fits_on_the_clicks_before_the_start()
    {
        var encoder = Path.Combine(folder.FullName, "encoder.safetensors");
        var fitted =
            await IloraProcess.RunAsync("fit", "encoder", "--items", Sample("items.tsv"), "--clicks", clicks, "--events", "80", "--out",
                encoder, "--epochs", "1");
        Assert.Equal((0, ""), (fitted.Code, fitted.Code == 0 ? "" : fitted.Error));
        using var json =
            await BenchAsync("--encoder", encoder, "--lines", "anchored", "uniform", "--minutes", "0.05", "--release-every", "32",
                "--delay", "0");
        Assert.Equal((80, 80), (json.RootElement.GetProperty("start").GetInt32(), json.RootElement.GetProperty("streamed").GetInt32()));
        Assert.Equal(0, json.RootElement.GetProperty("segments").GetProperty("new").GetProperty("events").GetInt64());

        var early = await RunAsync("--encoder", encoder, "--start", "0.25");
        Assert.Equal(
            (2, "ilora bench online: encoder.safetensors was fit on 80 clicks, the stream starts after 40: fit it with --events 40, or "
                + "raise --start."), (early.Code, early.Error.TrimEnd()));
    }

    [Fact]
    public async Task An_adapter_of_the_title_scorer_is_refused()
    {
        var titled = Path.Combine(folder.FullName, "titled");
        SnapshotFolder.Save(SnapshotFolder.Load(Sample("snapshot")) with { Scorer = Scorer.Title }, titled);
        var run = await RunAsync("--adapter", titled);
        Assert.Equal(
            (2, $"ilora bench online: {titled} is of the title scorer, this bench measures the head scorer: give an adapter fitted with "
                + "--scorer head, or rank this one by 'ilora evaluate'."), (run.Code, run.Error.TrimEnd()));
    }

    [Theory]
    [InlineData("--lines froozen", "ilora bench online: unknown line 'froozen'; did you mean 'frozen'? See 'ilora bench online --help'.")]
    [InlineData("--seeds 0", "ilora bench online: --seeds must be positive.")]
    [InlineData("--start 1", "ilora bench online: give --encoder FILE, or --adapter DIR with what was fitted before.")]
    public async Task What_does_not_go_together_is_one_line(string arguments, string line)
    {
        var run = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, line), (run.Code, run.Error.TrimEnd()));
    }

    private async Task<JsonDocument> BenchAsync(params string[] more)
    {
        var run = await RunAsync(more);
        Assert.Equal((0, ""), (run.Code, run.Code == 0 ? "" : run.Error));
        return JsonDocument.Parse(run.Output);
    }

    private Task<IloraProcess.Result> RunAsync(params string[] more) =>
        IloraProcess.RunAsync(
            ["bench", "online", "--backbone", Sample("backbone"), "--items", Sample("items.tsv"), "--clicks", clicks, .. more]);

    private static string Sample(string name) => Repository.PathOf("src", "ILoRA.Streaming.Local", "Sample", name);
}
