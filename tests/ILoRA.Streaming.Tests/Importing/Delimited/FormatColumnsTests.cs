using ILoRA.Streaming.Importing.Layouts;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Delimited;

/// <summary>Columns that a known export has beside its own.</summary>
public sealed class FormatColumnsTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("asin,title,deleted\nB1,Hat,true\nB2,Cap,false\n", FileFormat.Amazon)]
    [InlineData("asin,title,is_deleted\nB1,Hat,1\nB2,Cap,\n", FileFormat.Amazon)]
    [InlineData("movieId,title,genres,deleted\nB1,Hat,x,yes\nB2,Cap,x,no\n", FileFormat.MovieLens)]
    [InlineData("Handle,Title,Vendor,Status,Deleted\nB1,Hat,x,active,true\nB2,Cap,x,active,false\n", FileFormat.Shopify)]
    [InlineData("Handle,Title,Vendor,Status,Deleted\nB1,Hat,x,draft,false\nB2,Cap,x,active,\n", FileFormat.Shopify)]
    public void A_deleted_item_is_not_for_sale(string text, FileFormat format)
    {
        var items = file.Items("items.csv", text);
        Assert.Equal(format, items.Layout.Format);
        Assert.Equal([true, false], items.Lines.Select(item => item.Deleted));
    }

    [Fact]
    public void The_last_row_of_an_item_says_whether_its_sale_has_ended()
        => Assert.True(Assert.Single(file.Items("items.csv", "asin,title,deleted\nB1,Hat,false\nB1,Hat,true\n").Lines).Deleted);

    [Fact]
    public void A_removal_from_the_cart_is_no_interest()
    {
        var clicks =
            file.Clicks("clicks.csv", "user_id,asin,timestamp,event_type\nu1,B1,1700000000,remove_from_cart\nu2,B2,1700000001,view\n");
        Assert.Equal(FileFormat.Amazon, clicks.Layout.Format);
        Assert.Equal(["u2 B2 1700000001 View"], Texts(clicks));
        Assert.Equal(["left out: 1 remove_from_cart events, which end an interest."], clicks.Notes);
    }

    [Fact]
    public void A_type_that_a_row_does_not_give_is_the_formats()
        => Assert.Equal(["1 a 1291191960 View", "1 b 1291191960 Purchase"], Texts(file.Clicks("invoices.csv",
            "InvoiceNo,StockCode,InvoiceDate,CustomerID,type\n7,a,2010-12-01 08:26,1,view\n7,b,2010-12-01 08:26,1,\n")));

    [Fact]
    public void Ids_and_sessions_are_read()
    {
        var click =
            Assert.Single(
                file.Clicks("clicks.csv", "user_id,asin,timestamp,session_id,event_id,recommendation\nu1,B1,1700000000,s,e,r\n").Lines);
        Assert.Equal(("s", "e", "r"), (click.Session, click.Id, click.Recommendation));
    }

    [Theory]
    [InlineData("item,asin,title\na1,B1,Hat\n", "a1=Hat")]
    [InlineData("sku,name,title,attribute_set\na1,Cap,Hat,x\n", "a1=Hat")]
    public void The_products_own_name_goes_before_the_formats(string text, string item)
        => Assert.Equal([item], Titles(file.Items("items.csv", text)));

    [Fact]
    public void The_products_own_name_of_the_user_goes_before_the_formats()
        => Assert.Equal(["u1 B1 1700000000"], Texts(file.Clicks("clicks.csv", "user,user_id,asin,timestamp\nu1,x,B1,1700000000\n")));

    [Fact]
    public void Two_types_are_not_certain() => Assert.Contains("any of 'event_type', 'action' may be the type",
        file.ClicksRefusal("clicks.csv", "user_id,asin,timestamp,event_type,action\nu1,B1,1700000000,view,view\n"),
        StringComparison.Ordinal);
}
