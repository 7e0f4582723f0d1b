using System.Text.Json;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Cli;

public sealed class AdaptersDiffTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-diff");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Two_folders_are_compared_without_a_cluster()
    {
        string a = Save("a", SmallSnapshot.Create()), b = Save("b", SmallSnapshot.Create(gate: 2));
        var run = await IloraProcess.RunAsync("adapters", "diff", a, b, "--json", "--bootstrap", "127.0.0.1:1");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        var diff = json.RootElement.GetProperty("diff");
        var gate = diff.GetProperty("parts")[1];
        Assert.Equal(("gate", false), (gate.GetProperty("part").GetString(), gate.GetProperty("equal").GetBoolean()));
        Assert.Equal(3, gate.GetProperty("tensors")[0].GetProperty("relative").GetDouble(), 1e-9);
        Assert.True(diff.GetProperty("gate").GetProperty("moved_by_gate").GetDouble() > 0);

        var read = await IloraProcess.RunAsync("adapters", "diff", a, b);
        Assert.Matches(@"gate +differs", read.Output);
        Assert.Matches(@"head +equal", read.Output);
        Assert.Contains("Items: 2 in both, 0 added, 0 gone.", read.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_of_two_backbones_are_one_line()
    {
        string a = Save("a", SmallSnapshot.Create()), b = Save("b", SmallSnapshot.Create() with { Backbone = "other" });
        var run = await IloraProcess.RunAsync("adapters", "diff", a, b);
        Assert.Equal(
            (2, "ilora adapters diff: The versions do not match: backbone backbone against other; compare versions of one backbone and "
                + "shape."), (run.Code, run.Error.TrimEnd()));
    }

    [Fact]
    public async Task A_backbone_that_neither_was_trained_on_is_one_line()
    {
        string a = Save("a", SmallSnapshot.Create());
        var run = await IloraProcess.RunAsync("adapters", "diff", a, a, "--backbone", Golden.Own("llama"));
        Assert.Equal(2, run.Code);
        Assert.StartsWith("ilora adapters diff: The snapshot was trained on the backbone backbone, loaded is ", run.Error,
            StringComparison.Ordinal);
    }

    private string Save(string name, Snapshot snapshot)
    {
        var path = Path.Combine(folder.FullName, name);
        SnapshotFolder.Save(snapshot, path);
        return path;
    }
}
