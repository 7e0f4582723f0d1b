using System.Text.Json;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class FitAllCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-fit-all-");

    public FitAllCommandTests()
    {
        SmallShop.WriteTitles(PathOf("products.tsv"));
        SmallShop.WriteClicks(PathOf("clicks.csv"));
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_document_names_the_parts_and_holds_the_verdict()
    {
        // So short a budget ends every fit early; what is made is complete nevertheless.
        string[] command = ["--backbone", Repository.PathOf("src", "ILoRA.Streaming.Local", "Sample", "backbone"), "--minutes", "0.02",
            "--json"];
        var run = await FitAsync("clicks.csv", command);
        Assert.Equal((0, ""), (run.Code, run.Code == 0 ? "" : run.Error));
        Assert.Contains("fits on the first 2,400 and ranks the last 600; then fits on all", run.Error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.True(File.Exists(Path.Combine(root.GetProperty("adapter").GetString()!, "encoder.safetensors")));
        Assert.Equal((200, 3_000, 0), (root.GetProperty("items").GetInt32(), root.GetProperty("clicks").GetInt32(),
            root.GetProperty("left_out").GetInt32()));
        var verdict = root.GetProperty("verdict");
        Assert.Equal(2_400, verdict.GetProperty("fitted_on").GetInt32());
        Assert.Equal(["popular", "item-kNN", "encoder", "all"],
            verdict.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("name").GetString()));
        foreach (var line in verdict.GetProperty("lines").EnumerateArray())
            foreach (var figure in (string[])["hr10", "ndcg10"])
                Assert.InRange(line.GetProperty(figure).GetDouble(), line.GetProperty($"{figure}_interval")[0].GetDouble(),
                line.GetProperty($"{figure}_interval")[1].GetDouble());
        Assert.Equal(["encoder", "item-kNN", "popular"], verdict.GetProperty("gains").EnumerateObject().Select(gain => gain.Name));

        var again = await FitAsync("clicks.csv", command);
        Assert.Contains("holds the fit of these files and settings already", again.Error, StringComparison.Ordinal);
        using var kept = JsonDocument.Parse(again.Output);
        Assert.Equal(verdict.GetRawText(), kept.RootElement.GetProperty("verdict").GetRawText());
    }

    [Fact]
    public async Task What_is_wrong_with_the_items_names_the_flags_of_the_items()
    {
        await File.WriteAllTextAsync(PathOf("products.tsv"), "Nummer\tBezeichnung\n", TestContext.Current.CancellationToken);
        var run = await FitAsync("clicks.csv");
        Assert.Equal(2, run.Code);
        Assert.Contains("--items-columns", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--columns", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_clicks_are_refused_before_anything_is_made()
    {
        File.WriteAllLines(PathOf("few.csv"), File.ReadLines(PathOf("clicks.csv")).Take(41));
        var run = await FitAsync("few.csv");
        Assert.Equal(2, run.Code);
        Assert.Matches("^ilora fit all: few.csv: \\d+ of 40 clicks follow another one of the same user; 100 are needed to fit on\\.",
            run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(PathOf("made")));
    }

    [Theory]
    [InlineData("--minutes 0", "ilora fit all: --minutes must be positive.")]
    [InlineData("--layers 2", "ilora fit all: --layers goes with --backbone.")]
    public async Task What_does_not_go_together_is_one_line(string arguments, string line)
    {
        var run = await FitAsync("clicks.csv", arguments.Split(' '));
        Assert.Equal((2, line), (run.Code, run.Error.TrimEnd()));
    }

    private Task<IloraProcess.Result> FitAsync(string clicks, params string[] more) =>
        IloraProcess.RunAsync(["fit", "all", "--items", PathOf("products.tsv"), "--clicks", PathOf(clicks), "--out", PathOf("made"),
        .. more]);

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
