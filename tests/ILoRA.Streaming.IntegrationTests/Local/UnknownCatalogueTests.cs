using System.Text.Json;
using ILoRA.Streaming.IntegrationTests.Retail;
using ILoRA.Streaming.IntegrationTests.Workers;

namespace ILoRA.Streaming.IntegrationTests.Local;

public sealed class UnknownCatalogueTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ilora-unknown").FullName;

    [Fact]
    public async Task A_snapshot_that_knows_nothing_of_the_catalogue_is_warned_of_at_the_start_and_at_the_end()
    {
        var items = Write("items.tsv", ["item\ttitle", .. Enumerable.Range(1, 40).Select(i => $"sku-{i}\tmug number {i}")]);
        var clicks =
            Write("clicks.tsv",
                ["user\titem\ttime", .. Enumerable.Range(0, 400).Select(i => $"user-{i % 20}\tsku-{1 + (i % 30)}\t{1_700_000_000 + i}")]);

        var run =
            await Tool.RunAsync(Programs.Of("ILoRA.Streaming.Local"),
                ["--items", items, "--clicks", clicks, "--snapshot", Sample.Snapshot, "--duration", "3", "--json"]);

        using var summary = JsonDocument.Parse(run.Succeeded());
        Assert.Equal((0.0, 0.0),
            (summary.RootElement.GetProperty("items_known").GetDouble(), summary.RootElement.GetProperty("clicked_known").GetDouble()));
        const string Warning = "warning: the first version knows 0 of 40 items of the catalogue and 0 of 30 recently clicked items;";
        Assert.Equal(2, run.Errors.Split('\n').Count(line => line.StartsWith(Warning, StringComparison.Ordinal)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
