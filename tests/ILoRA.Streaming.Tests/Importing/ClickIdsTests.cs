namespace ILoRA.Streaming.Tests.Importing;

public sealed class ClickIdsTests : IDisposable
{
    private const string Orders = "id,user,item,time\n1001,u1,i1,1700000000\n1001,u1,i2,1700000000\n1002,u2,i2,1700000000\n";
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("1001,u1,i2,1700000000")]
    [InlineData("1001,u2,i1,1700000000")]
    [InlineData("1001,u1,i1,1700000001")]
    public void An_id_of_two_clicks_is_refused_with_the_remedy(string second) => Assert.Equal(
        "clicks.csv:3: id '1001' is also that of line 2; leave the column out by --columns id=-.",
        file.ClicksRefusal("clicks.csv", $"id,user,item,time\n1001,u1,i1,1700000000\n{second}\n"));

    [Fact]
    public void A_click_that_is_repeated_keeps_its_id()
        => Assert.Equal(2, file.Clicks("clicks.csv", "id,user,item,time\n7,u1,i1,1700000000\n7,u1,i1,1700000000\n").Count);

    [Fact]
    public void The_column_can_be_left_out() =>
        Assert.All(file.Clicks("clicks.csv", Orders, ImportedFile.With("id=-")).Lines, click => Assert.Null(click.Id));
}
