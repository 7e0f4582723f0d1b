using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Tests.Importing.Delimited;

public sealed class OpenQuoteTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("id,title\n1,\"Shirt\n2,Pants\n3,Hat\n4,Monitor 24\"\n5,Cup", 2)]
    [InlineData("id,title,price\n1,Cap,3\n2,\"Shirt,5\n3,Monitor 24\",7\n", 3)]
    [InlineData("id,body,title\n1,\"a\nb\",\"Shirt\n2,c,Pants\n3,d,Monitor 24\"\n", 3)]
    public void A_title_that_holds_a_row_refuses_the_file_whatever_may_be_skipped(string text, int line)
        => Assert.Contains($": the quote opened in line {line} seems not to be closed", file.ItemsRefusal("items.csv", text, new() { SkipBad = 9 }), StringComparison.Ordinal);

    [Theory]
    [InlineData("id,title,description\n1,Foo,\"nice\n2,Bar,plain\n3,Baz,\"\n4,Q,x\n", 2)]
    [InlineData("id,description,title\n0,x,Cap\n1,\"nice\n2,plain,Bar\n3,\",Baz\n4,x,Q\n", 3)]
    [InlineData("id,title,description\n1,Foo,\"nice\n2,Bar,plain\n\"\n4,Q,x\n", 2)]
    public void So_does_a_description_that_ends_where_another_field_begins(string text, int line)
        => Assert.Contains($": the quote opened in line {line} seems not to be closed: a line of the 'description'",
            file.ItemsRefusal("items.csv", text, new() { SkipBad = 9 }), StringComparison.Ordinal);

    [Theory]
    [InlineData("soft, warm,\n")]
    [InlineData("one\n2,Chair,two\n3")]
    public void A_description_over_several_lines_may_end_in_one(string text)
        => Assert.Equal(["1=Lamp"], ImportedFile.Titles(file.Items("items.csv", $"id,title,body,price\n1,Lamp,\"{text}\",5\n")));

    [Fact]
    public void An_id_over_two_lines_refuses_the_file_whatever_may_be_skipped() => Assert.Equal(
        "items.csv:2: the item in column 1 holds a line break, as if a quote were not closed.",
        file.ItemsRefusal("items.csv", "sku,title\n\"a1,Lamp\nb2,24\"\nc3,Chair\n", new() { SkipBad = 9, Columns = ColumnFlag.Parse("title=title", out _) }));

    [Fact]
    public void A_field_of_a_click_over_two_lines_refuses_the_file() => Assert.Equal(
        "clicks.csv:2: the type in column 4 holds a line break, as if a quote were not closed.",
        file.ClicksRefusal("clicks.csv", "user,item,time,type\nu1,i1,1700000000,\"view\nu2,i2,1700000000,view\"\n", new() { SkipBad = 9 }));

    [Fact]
    public void Texts_over_several_lines_stay_free()
    {
        var items = file.Items("items.csv", "id,title,body\n1,\"Desk\nlamp\",\"one\n2,Chair,two\n3\"\n4,Cup,x\n");
        Assert.Equal(["1=Desk lamp", "4=Cup"], ImportedFile.Titles(items));
    }
}
