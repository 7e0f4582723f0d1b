using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing;

/// <summary>Numbers of which a spreadsheet wrote the first digits only.</summary>
public sealed class CutNumberTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("4,00638E+12")]
    [InlineData("4.00638E+12")]
    [InlineData("4E+12")]
    public void An_id_is_a_bad_row(string id) => Assert.Equal(
        $"items.csv:2: item is '{id}', a number that a spreadsheet cut short; write the column as text there.",
        file.ItemsRefusal("items.csv", $"item;title\n{id};Lamp\nb2;Chair\n"));

    [Theory]
    [InlineData("1.70001E+12")]
    [InlineData("1,70001E+12")]
    [InlineData("1.70531E+15")]
    [InlineData("1.7E+09")]
    [InlineData("1.70001e+12")]
    public void A_time_is_a_bad_row(string time) => Assert.Equal(
        $"clicks.csv:3: time is '{time}', a number that a spreadsheet cut short; write the column as text or as a date there.",
        file.ClicksRefusal("clicks.csv", $"user;item;time\nu1;i1;1700000000000\nu2;i2;{time}\n"));

    [Theory]
    [InlineData("1700000000.5")]
    [InlineData("1.700000000E+09")]
    [InlineData("1.7E9")]
    public void A_time_with_all_of_its_seconds_is_read(string time)
        => Assert.Equal(["u1 i1 1700000000"], Texts(file.Clicks("clicks.csv", $"user,item,time\nu1,i1,{time}\n")));

    [Fact]
    public void A_column_of_cut_times_is_no_file_of_clicks_by_any_unit() => Assert.StartsWith(
        "clicks.csv:2: time is '1.70001E+12'",
        file.ClicksRefusal("clicks.csv", "user,item,time\nu1,i1,1.70001E+12\n", new() { TimeFormat = "milliseconds" }),
        StringComparison.Ordinal);
}
