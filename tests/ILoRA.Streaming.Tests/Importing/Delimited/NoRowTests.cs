using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Delimited;

public sealed class NoRowTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("id,title\n1,Lamp\nid,title\n2,Chair\n", "repetitions of the header")]
    [InlineData("id,title\n1,Lamp\n\uFEFFid,title\n2,Chair\n", "repetitions of the header")]
    [InlineData("id,title\n--,-----\n1,Lamp\n2,Chair\n", "lines of dashes")]
    [InlineData("id,title\n-,-----\n1,Lamp\n2,Chair\n", "lines of dashes")]
    [InlineData("id,title,n\n--,-----,-\n1,Lamp,3\n2,Chair,4\n", "lines of dashes")]
    public void Headers_and_rulers_between_the_rows_are_left_out_and_said(string text, string reason)
    {
        var items = file.Items("items.csv", text);
        Assert.Equal(["1=Lamp", "2=Chair"], Titles(items));
        Assert.Contains(items.Notes, note => note.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_that_a_spreadsheet_wrote_as_a_formula_is_the_text() =>
        Assert.Equal(["007=Lamp"], Titles(file.Items("items.csv", "id,title\n\"=\"\"007\"\"\",Lamp\n")));

    [Theory]
    [InlineData("4.00638E+12")]
    [InlineData("1E+05")]
    public void An_id_that_a_spreadsheet_cut_short_is_a_bad_row(string id) => Assert.Contains(
        "a number that a spreadsheet cut short", file.ItemsRefusal("items.csv", $"id,title\n{id},Lamp\n"), StringComparison.Ordinal);
}
