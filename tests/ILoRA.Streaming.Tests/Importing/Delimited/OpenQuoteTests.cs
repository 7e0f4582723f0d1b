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
        => Assert.Contains($": the quote opened in line {line} seems not to be closed",
            file.ItemsRefusal("items.csv", text, new() { SkipBad = 9 }), StringComparison.Ordinal);

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
        file.ItemsRefusal("items.csv", "sku,title\n\"a1,Lamp\nb2,24\"\nc3,Chair\n",
            new() { SkipBad = 9, Columns = ColumnFlag.Parse("title=title", out _) }));

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

    [Theory]
    [InlineData("user,item,time,query\nu1,i1,1700000000,\"red shoes\nu2,i2,1700000001,tv\nu3,i3,1700000002,\"\nu4,i4,1700000003,x\n", null,
        2, "'query'")]
    [InlineData("user,item,time,query\nu1,i1,1700000000,\"red shoes\nu2,i2,1700000001,tv 40\"\nu4,i4,1700000003,x\n", null, 2, "'query'")]
    [InlineData("user,query,item,time\nu0,x,i0,1700000000\nu1,\"red,i1,1700000000\nu2,tv 40\",i2,1700000001\n", null, 3, "'query'")]
    [InlineData("u1,i1,1700000000,\"red shoes\nu2,i2,1700000001,tv\nu3,i3,1700000002,\"\n", "user=1,item=2,time=3", 1, "'column 4'")]
    [InlineData("userId,movieId,rating,timestamp,tag\n1,31,4,1700000000,\"a\n2,31,4,1700000000,b\n\"\n", null, 2, "'tag'")]
    public void A_further_column_of_a_click_holds_no_row(string text, string? columns, int line, string what)
        => Assert.Contains($"clicks.csv:{line}: the quote opened in line {line} seems not to be closed: a line of the {what}",
            file.ClicksRefusal("clicks.csv", text,
                new() { SkipBad = 9, Columns = columns is null ? null : ColumnFlag.Parse(columns, out _) }), StringComparison.Ordinal);

    [Fact]
    public void A_further_column_of_a_click_may_have_several_lines() => Assert.Equal(
        ["u1 i1 1700000000"],
        ImportedFile.Texts(file.Clicks("clicks.csv", "user,item,time,query\nu1,i1,1700000000,\"red\nshoes, new\"\n")));

    [Theory]
    [InlineData("Handle,Title,Body (HTML),Vendor\nlamp,Lamp,\"<p>nice\nchair,Chair,<p>x</p>,Sit\ncup,Cup,\",Mug\nbed,Bed,x,y\n", null,
        "'Body (HTML)'")]
    [InlineData("ID,Type,SKU,Name,Description\n1,simple,a,Lamp,\"nice\n2,simple,b,Chair,x\n3,simple,c,Cup,\"\n", null, "'Description'")]
    [InlineData("asin,title,description\nB1,Lamp,\"nice\nB2,Chair,x\nB3,Cup,\"\n", null, "'description'")]
    [InlineData("a1,Lamp,\"nice\nb2,Chair,x\nc3,Cup,\"\n", "item=1,title=2", "'column 3'")]
    public void So_does_a_description_that_is_no_attribute(string text, string? columns, string what)
        => Assert.Contains($"seems not to be closed: a line of the {what} has as many",
            file.ItemsRefusal("items.csv", text,
                new() { SkipBad = 9, Columns = columns is null ? null : ColumnFlag.Parse(columns, out _) }), StringComparison.Ordinal);

    [Fact]
    public void A_shops_description_over_several_lines_stays_free() => Assert.Equal(
        ["lamp=Lamp"],
        ImportedFile.Titles(file.Items("items.csv", "Handle,Title,Body (HTML),Vendor\nlamp,Lamp,\"<p>a,b,\nc</p>\n\",Glow\n")));
}
