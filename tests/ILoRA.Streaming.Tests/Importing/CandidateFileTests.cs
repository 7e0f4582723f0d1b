using ILoRA.Streaming.Importing;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class CandidateFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_line_holds_a_rows_draws()
    {
        var lists = Assert.Single(Read("""{"row":3,"next":7,"cands":[[7,1],["2","7"]]}"""));
        Assert.Equal((3, "7"), (lists.Row, lists.Next));
        Assert.Equal([["7", "1"], ["2", "7"]], lists.Draws);
    }

    [Theory]
    [InlineData("""{"next":7,"cands":[[7]]}""", ":1: 'row' is missing or no whole number.")]
    [InlineData("""{"row":0,"cands":[[7]]}""", ":1: 'next' is missing.")]
    [InlineData("""{"row":0,"next":7,"cands":[]}""", ":1: 'cands' is missing or no array of lists.")]
    [InlineData("""{"row":0,"next":7,"cands":[7]}""", ":1: 7 in 'cands' is no list of item ids.")]
    [InlineData("""{"row":0,"next":7,"cands":[[1,2]]}""", ":1: a list in 'cands' must name the target 7 once.")]
    [InlineData("""{"row":0,"next":7,"cands":[[7,7]]}""", ":1: a list in 'cands' must name the target 7 once.")]
    [InlineData("""{"row":0,"next":7,"cands":[[7,1],[7]]}""", ":1: the lists in 'cands' differ in length.")]
    public void A_bad_line_is_named(string text, string end)
        => Assert.EndsWith(end, Assert.Throws<InvalidDataException>(() => Read(text)).Message, StringComparison.Ordinal);

    private List<CandidateLists> Read(string text)
    {
        File.WriteAllText(path, text);
        return [.. CandidateFile.Read(path)];
    }
}
