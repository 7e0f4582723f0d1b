namespace ILoRA.Streaming.Tests.Cli;

public sealed class FileFlagsTests : IDisposable
{
    private const string Clicks = "user,item,time\nu1,i1,2024-03-01T10:00:00Z\nu2,i2,2024-05-01T10:00:00Z\n";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-flags");
    private readonly string file;

    public FileFlagsTests()
    {
        file = Path.Combine(folder.FullName, "clicks.csv");
        File.WriteAllText(file, Clicks);
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("items import FOLDER", "ilora items import: 'FOLDER' is a folder; give the file itself.")]
    [InlineData("clicks import FOLDER", "ilora clicks import: 'FOLDER' is a folder; give the file itself.")]
    [InlineData("fit all --items FOLDER --clicks FILE --out FOLDER/out", "ilora fit all: 'FOLDER' is a folder; give the file itself.")]
    [InlineData("clicks import FOLDER/none.csv", "ilora clicks import: File does not exist: 'FOLDER/none.csv'.")]
    [InlineData("clicks import FILE --events -1", "ilora clicks import: --events -1: 1 or more is needed.")]
    [InlineData("clicks import FILE --events 0", "ilora clicks import: --events 0: 1 or more is needed.")]
    [InlineData("bench ingest --events -5", "ilora bench ingest: --events -5: 1 or more is needed.")]
    [InlineData("dead-letters list --limit -1", "ilora dead-letters list: --limit -1: 1 or more is needed.")]
    [InlineData("fit backbone --items FILE --out FOLDER/out --steps 0", "ilora fit backbone: --steps 0: 1 or more is needed.")]
    [InlineData("fit encoder --items FILE --out FOLDER/out --width -2", "ilora fit encoder: --width -2: 1 or more is needed.")]
    [InlineData("cache list --folder FILE", "ilora cache list: --folder: 'FILE' is a file; give the folder of the cache.")]
    [InlineData("cache clear --folder FILE", "ilora cache clear: --folder: 'FILE' is a file; give the folder of the cache.")]
    public async Task A_path_or_count_that_makes_no_sense_is_named(string command, string start)
    {
        string Paths(string text) =>
            text.Replace("FOLDER", folder.FullName, StringComparison.Ordinal).Replace("FILE", file, StringComparison.Ordinal);
        var run = await IloraProcess.RunAsync([.. command.Split(' ').Select(Paths)]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith(Paths(start), Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from 2099-01-01")]
    [InlineData("--until 2024-03-01")]
    public async Task Times_that_leave_no_click_are_said_with_those_of_the_file(string flags)
    {
        var run = await IloraProcess.RunAsync(["clicks", "import", file, .. flags.Split(' '), "--bootstrap", "127.0.0.1:1"]);
        Assert.Contains(
            "clicks.csv: --from and --until leave none of its 2 clicks, which are of 2024-03-01 10:00:00 to 2024-05-01 10:00:00 UTC: "
                + "nothing is sent.",
            run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_that_leave_a_click_are_not_remarked_on()
    {
        var run = await IloraProcess.RunAsync("clicks", "import", file, "--from", "2024-04-01", "--bootstrap", "127.0.0.1:1");
        Assert.DoesNotContain("nothing is sent", run.Error, StringComparison.Ordinal);
    }
}
