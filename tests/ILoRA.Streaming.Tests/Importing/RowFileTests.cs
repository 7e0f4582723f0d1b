using ILoRA.Streaming.Importing;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class RowFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Numbers_and_strings_are_ids_and_len_cuts_the_padding()
    {
        var row = Assert.Single(Read("""{"row":7,"seq":[3,"x",9,9],"len":2,"next":5}"""));
        Assert.Equal((7, "5"), (row.Row, row.Next));
        Assert.Equal(["3", "x"], row.History);
    }

    [Fact]
    public void An_empty_history_is_a_row()
        => Assert.Empty(Assert.Single(Read("""{"row":0,"seq":[],"len":1,"next":299}""")).History);

    [Theory]
    [InlineData("""{"row":0,"next":1}""", ":1: 'seq' is missing or no array.")]
    [InlineData("""{"row":0,"seq":[1]}""", ":1: 'next' is missing.")]
    [InlineData("""{"row":0,"seq":[null],"next":1}""", ":1: null in 'seq' is no item id.")]
    [InlineData("[1]", ":1: not a JSON object.")]
    public void A_bad_row_is_named(string text, string end)
        => Assert.EndsWith(end, Assert.Throws<InvalidDataException>(() => Read(text)).Message, StringComparison.Ordinal);

    private List<HistoryRow> Read(string text)
    {
        File.WriteAllText(path, text);
        return [.. RowFile.Read(path)];
    }
}
