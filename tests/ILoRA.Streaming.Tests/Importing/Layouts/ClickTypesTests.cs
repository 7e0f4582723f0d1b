using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing.Json;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Layouts;

public sealed class ClickTypesTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("remove_from_cart")]
    [InlineData("RemoveFromCart")]
    [InlineData("refund")]
    [InlineData("dislike")]
    public void Events_that_end_an_interest_are_left_out_with_their_count(string type)
    {
        var clicks =
            file.Clicks("clicks.csv", $"user,item,time,type\nu1,i1,1700000000,view\nu1,i1,1700000001,{type}\nu1,i2,1700000002,{type}\n");
        Assert.Equal(["u1 i1 1700000000 View"], Texts(clicks));
        Assert.Equal([$"left out: 2 {type} events, which end an interest."], clicks.Notes);
    }

    [Fact]
    public void They_are_left_out_of_json_too() => Assert.Equal(["u i 1700000000 Cart"], Texts(file.Clicks("clicks.jsonl", """
        {"user":"u","item":"i","time":1700000000,"type":"add_to_cart"}
        {"user":"u","item":"i","time":1700000001,"type":"remove_from_cart"}
        """)));

    [Fact]
    public void The_remedy_for_an_unknown_type_says_when_it_is_one() => Assert.Equal(
        "clicks.csv:2: type 'web' is none of view, click, cart, purchase; leave the column out by --columns type=- "
        + "where every row is an interest in its item.",
        file.ClicksRefusal("clicks.csv", "user,item,time,type\nu1,i1,1700000000,web\n"));

    [Theory]
    [InlineData("view_item", ClickType.View)]
    [InlineData("select_item", ClickType.Click)]
    [InlineData("add_to_cart", ClickType.Cart)]
    [InlineData("purchase", ClickType.Purchase)]
    [InlineData("page_view", null)]
    [InlineData("remove_from_cart", null)]
    public void A_table_of_Analytics_takes_the_events_that_its_json_takes(string name, ClickType? type)
    {
        Assert.Equal(type, Ga4Events.TypeOf(name));
        var clicks = file.Clicks("ga4.csv", "event_timestamp,event_name,user_pseudo_id,item_id\n"
            + $"1714557600000000,view_item,12.34,a\n1714557600000000,{name},12.34,b\n");
        Assert.Equal(type, clicks.Lines.SingleOrDefault(click => click.Item == "b")?.Type);
        Assert.Equal(type is null ? [$"left out: 1 {name} events."] : [], clicks.Notes);
    }
}
