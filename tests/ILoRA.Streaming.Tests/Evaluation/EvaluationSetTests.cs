using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Tests.Evaluation;

public sealed class EvaluationSetTests : IDisposable
{
    private static readonly ItemLine[] Items = [new(1, "a", "A"), new(2, "b", "B"), new(3, "c", "C")];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-evaluation");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Rows_and_candidates_are_joined_by_row()
    {
        var set = Read("""
            {"row":0,"seq":["a"],"len":1,"next":"b"}
            {"row":5,"seq":["c","a"],"len":2,"next":"b"}
            """, """{"row":5,"next":"b","cands":[["a","b"],["b","c"]]}""");
        var row = Assert.Single(set.Cases);
        Assert.Equal((5, 1, 2), (row.Row, row.Target, set.Draws));
        Assert.Equal([2, 0], row.History);
        Assert.Equal([[0, 1], [1, 2]], row.Draws);
        Assert.Equal([0, 1, 2], row.Distinct());
    }

    [Theory]
    [InlineData("""{"row":1,"next":"b","cands":[["b"]]}""", "row 1: the file of rows has no such row; are the two files of one data set?")]
    [InlineData("""{"row":0,"next":"c","cands":[["c"]]}""",
        "row 0: the target is c, but b in the file of rows; are the two files of one data set?")]
    [InlineData("""{"row":0,"next":"b","cands":[["b","z"]]}""",
        "row 0: item 'z' is not in the catalogue of 3 items; are the files of one data set?")]
    [InlineData("", "candidates.jsonl: holds no row.")]
    public void Files_that_do_not_match_are_rejected_with_their_row(string candidates, string end) =>
        Assert.EndsWith(end,
            Assert.Throws<InvalidDataException>(() => Read("""{"row":0,"seq":["a"],"len":1,"next":"b"}""", candidates)).Message,
            StringComparison.Ordinal);

    private EvaluationSet Read(string rows, string candidates)
    {
        var (rowFile, candidateFile) = (Path.Combine(folder.FullName, "rows.jsonl"), Path.Combine(folder.FullName, "candidates.jsonl"));
        File.WriteAllText(rowFile, rows);
        File.WriteAllText(candidateFile, candidates);
        return EvaluationSet.Read(Items, rowFile, candidateFile);
    }
}
