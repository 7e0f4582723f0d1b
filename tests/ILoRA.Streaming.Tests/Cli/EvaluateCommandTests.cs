using System.Text.Json;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-evaluate");

    public EvaluateCommandTests()
    {
        Write("items.tsv", string.Join('\n', Enumerable.Range(0, 40).Select(item => $"i{item}\tTitle {item}")));
        Write("train.jsonl", string.Join('\n', Enumerable.Range(0, 30).SelectMany(user => Enumerable.Range(1, 5).Select(place =>
            $$"""{"row":{{user * 5 + place}},"seq":[{{string.Join(',', Enumerable.Range(0, place).Select(at => $"\"i{(user + at) % 40}\""))}}],"len":{{place}},"next":"i{{(user + place) % 40}}"}"""))));
        Write("val.jsonl", """
            {"row":0,"seq":["i1","i2","i3"],"len":3,"next":"i4"}
            {"row":1,"seq":["i5","i6","i7"],"len":3,"next":"i8"}
            """);
        Write("candidates.jsonl", """
            {"row":0,"next":"i4","cands":[["i20","i4","i30"],["i4","i33","i36"]]}
            {"row":1,"next":"i8","cands":[["i20","i30","i8"],["i8","i33","i36"]]}
            """);
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_document_holds_the_top_line_and_every_line()
    {
        var run =
            await EvaluateAsync("--train", PathOf("train.jsonl"), "--baselines", "random", "popularity", "knn", "ease", "fusion", "--json");
        Assert.Equal((0, ""), (run.Code, run.Code == 0 ? "" : run.Error));
        using var json = JsonDocument.Parse(run.Output);
        var root = json.RootElement;
        Assert.Equal((2, 2, 1),
            (root.GetProperty("rows").GetInt32(), root.GetProperty("draws").GetInt32(), root.GetProperty("valid_ratio").GetInt32()));
        Assert.Equal(2, root.GetProperty("hr1_interval").GetArrayLength());
        Assert.All((string[])["hr1", "ndcg5", "mrr", "seconds"], name => root.GetProperty(name).GetDouble());
        Assert.Equal(["random", "popularity", "item-kNN", "EASE", "fusion"],
            root.GetProperty("methods").EnumerateArray().Select(line => line.GetProperty("name").GetString()!));
        var neighbours = root.GetProperty("methods")[2];
        Assert.Equal((4, 4), (neighbours.GetProperty("right").GetInt32(), neighbours.GetProperty("total").GetInt32()));

    }

    [Fact]
    public async Task Runs_on_the_same_rows_are_averaged_before_they_are_pooled_with_other_sets()
    {
        string Line(string method, string set, string shares) =>
            $$"""{"method":"{{method}}","language_model":true,"draws":2,"set":"{{set}}","hr1":[{{shares}}]}""";
        await File.WriteAllLinesAsync(PathOf("seed1.jsonl"), [Line("a", "x", "1,0,1"), Line("b", "x", "0,0,1")],
            TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(PathOf("seed2.jsonl"), [Line("a", "x", "1,0.5,0"), Line("b", "x", "0,0,0")],
            TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(PathOf("other.jsonl"), [Line("a", "y", "1"), Line("b", "y", "1")],
            TestContext.Current.CancellationToken);
        var run =
            await IloraProcess.RunAsync("evaluate", "pool", PathOf("seed1.jsonl"), PathOf("seed2.jsonl"), PathOf("other.jsonl"), "--a", "a",
                "--b", "b", "--json");
        Assert.Equal((0, ""), (run.Code, run.Code == 0 ? "" : run.Error));
        using var pooled = JsonDocument.Parse(run.Output);
        // Rows of a: 1, .25, .5 and 1; of b: 0, 0, .5 and 1.
        Assert.Equal((4, 0.6875, 0.375),
            (pooled.RootElement.GetProperty("rows").GetInt32(), pooled.RootElement.GetProperty("hr1_a").GetDouble(),
                pooled.RootElement.GetProperty("hr1_b").GetDouble()));

        await File.WriteAllTextAsync(PathOf("old.jsonl"), """{"method":"a","language_model":true,"draws":2,"hr1":[1]}""",
            TestContext.Current.CancellationToken);
        var old = await IloraProcess.RunAsync("evaluate", "pool", PathOf("old.jsonl"), "--a", "a");
        Assert.Equal(
            (2, "ilora evaluate pool: old.jsonl:1: 'method', 'set' or 'hr1' is missing; write the file with 'ilora evaluate --rows-out'."),
            (old.Code, old.Error.TrimEnd()));
    }

    [Fact]
    public async Task Rows_that_were_written_are_read_by_pool()
    {
        var run = await EvaluateAsync("--train", PathOf("train.jsonl"), "--baselines", "knn", "ease", "--rows-out", PathOf("rows.jsonl"));
        Assert.Equal((0, ""), (run.Code, run.Code == 0 ? "" : run.Error));
        var pool =
            await IloraProcess.RunAsync("evaluate", "pool", PathOf("rows.jsonl"), PathOf("rows.jsonl"), "--a", "item-kNN", "--b", "EASE",
                "--json");
        using var pooled = JsonDocument.Parse(pool.Output);
        Assert.Equal((2, 1), (pooled.RootElement.GetProperty("rows").GetInt32(), pooled.RootElement.GetProperty("hr1_a").GetInt32()));
    }

    [Fact]
    public async Task The_trained_bag_is_measured_and_fused_and_the_backbone_is_said_at_the_start()
    {
        var run =
            await EvaluateAsync("--train", PathOf("train.jsonl"), "--backbone", Golden.Own("llama"), "--random-weights", "1", "--baselines",
                "popularity", "knn", "bag", "trained-bag", "fusion", "--json");
        Assert.Equal((0, ""), (run.Code, run.Code == 0 ? "" : run.Error));
        Assert.Contains("in 0.17 MB, all drawn anew by seed 1 (a control); computes in float32, 0 MB, on cpu", run.Error,
            StringComparison.Ordinal);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            [("popularity", false), ("item-kNN", false), ("bag of titles", true), ("trained bag", true), ("fusion", false),
                ("trained bag: fusion", true)],
            json.RootElement.GetProperty("methods").EnumerateArray()
                .Select(line => (line.GetProperty("name").GetString()!, line.GetProperty("language_model").GetBoolean())));
        Assert.Equal(["popularity", "item-kNN", "bag of titles", "trained bag"],
            json.RootElement.GetProperty("weights").GetProperty("trained bag: fusion").EnumerateObject().Select(part => part.Name));
    }

    [Theory]
    [InlineData("--baselines knn", "ilora evaluate: --baselines knn needs --train FILE.")]
    [InlineData("--baselines zero-shot", "ilora evaluate: --baselines zero-shot needs --backbone PATH.")]
    [InlineData("--baselines trained-bag", "ilora evaluate: --baselines trained-bag needs --backbone PATH.")]
    [InlineData("--baselines kn", "ilora evaluate: unknown baseline 'kn'; did you mean 'knn'? See 'ilora evaluate --help'.")]
    [InlineData("--hold-out 0.9", "ilora evaluate: --hold-out must lie above 0 and be at most 0.5.")]
    [InlineData("--adapter .", "ilora evaluate: --adapter needs --backbone PATH.")]
    [InlineData("--baselines none", "ilora evaluate: nothing to measure; name --baselines, or an --adapter with its --backbone.")]
    public async Task What_does_not_go_together_is_one_line(string arguments, string line)
    {
        var run = await EvaluateAsync(arguments.Split(' '));
        Assert.Equal((2, line), (run.Code, run.Error.TrimEnd()));
    }

    private Task<IloraProcess.Result> EvaluateAsync(params string[] more) =>
        IloraProcess.RunAsync(
            ["evaluate", "--items", PathOf("items.tsv"), "--rows", PathOf("val.jsonl"), "--candidates", PathOf("candidates.jsonl"),
                .. more]);

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);
}
