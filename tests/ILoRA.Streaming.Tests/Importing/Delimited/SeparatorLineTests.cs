using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Delimited;

public sealed class SeparatorLineTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("sep=;\nsku;title\na1;Lamp, red\n", ";")]
    [InlineData("SEP=,\r\nsku,title\r\na1,\"Lamp, red\"\r\n", ",")]
    [InlineData("sep=\t\nsku\ttitle\na1\tLamp, red\n", "\t")]
    [InlineData("\"sep=|\"\nsku|title\na1|Lamp, red\n", "|")]
    public void It_names_the_separator_and_is_no_row(string text, string separator)
    {
        var items = file.Items("items.csv", text);
        Assert.Equal((separator, 2L), (items.Layout.Separator, items.Layout.HeaderLine));
        Assert.Equal((3L, "a1=Lamp, red"), (Assert.Single(items.Lines).Line, Assert.Single(Titles(items))));
    }

    [Fact]
    public void It_may_be_in_another_encoding()
    {
        var path = file.Write("items.csv", "\uFEFFsep=;\nsku;title\na1;Café\n", Encoding.Unicode);
        Assert.Equal(["a1=Café"], Titles(ItemFile.Open(path, FileReading.Recognised)));
    }

    [Fact]
    public void Positions_below_it_are_of_the_data()
        => Assert.Equal(["u1 i1 1700000000"], Texts(file.Clicks("clicks.csv", "sep=;\nu1;i1;1700000000\n", With("user=1,item=2,time=3"))));

    [Fact]
    public void A_separator_that_is_not_known_is_refused() => Assert.Equal(
        "items.csv:1: 'sep=:' names no separator that is known (tabs, commas, semicolons, bars, double colons); write the file with one "
            + "of these.",
        file.ItemsRefusal("items.csv", "sep=:\nsku:title\na1:Lamp\n"));

    [Fact]
    public void Only_the_first_line_is_one()
        => Assert.Equal(2, file.Items("items.csv", "sku;title\na1;Lamp\nsep=;Separator\n").Count);
}
