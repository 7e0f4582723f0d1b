using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Layouts;

public sealed class MissingValueTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("NULL")]
    [InlineData("(null)")]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("None")]
    [InlineData("undefined")]
    [InlineData("N/A")]
    [InlineData("<NA>")]
    [InlineData("\\N")]
    [InlineData("nil")]
    [InlineData("(not set)")]
    public void A_user_or_item_that_is_one_by_name_is_a_bad_row(string word)
    {
        Assert.Equal($"clicks.csv:3: user is '{word}', which stands for a missing value.",
            file.ClicksRefusal("clicks.csv", $"user,item,time\nu1,i1,1700000000\n{word},i1,1700000000\n"));
        Assert.Equal($"clicks.csv:2: item is '{word}', which stands for a missing value.",
            file.ClicksRefusal("clicks.csv", $"user,item,time\nu1,{word},1700000000\n"));
        Assert.Equal($"items.csv:2: item is '{word}', which stands for a missing value.",
            file.ItemsRefusal("items.csv", $"sku,title\n{word},Lamp\na1,Chair\n"));
    }

    [Theory]
    [InlineData("nano")]
    [InlineData("Nonesuch")]
    [InlineData("NA")]
    public void Ids_that_begin_so_are_ids(string id) => Assert.Equal(
        [$"{id} i1 1700000000"], Texts(file.Clicks("clicks.csv", $"user,item,time\n{id},i1,1700000000\n")));

    [Fact]
    public void What_is_optional_is_then_not_given()
    {
        var click = Assert.Single(file.Clicks("clicks.csv", "user,item,time,session,type,id\nu1,i1,1700000000,NULL,NULL,NULL\n").Lines);
        Assert.Equal((null, null, null), (click.Session, click.Type, click.Id));
    }

    [Fact]
    public void A_title_may_be_any_word() => Assert.Equal(["a1=None"], Titles(file.Items("items.csv", "sku,title\na1,None\n")));
}
