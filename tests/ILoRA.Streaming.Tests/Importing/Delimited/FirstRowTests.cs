using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing.Delimited;

public sealed class FirstRowTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("seconds")]
    public void A_header_over_times_is_refused_whatever_may_be_skipped(string? format) => Assert.Contains(
        "clicks.csv:1: it is not certain which column is what (the first line may be a header, since its 'wann' is no time and "
            + "'1700000000' below it is one: name its columns, not their positions). First line: wer | was | wann.",
        file.ClicksRefusal("clicks.csv", "wer,was,wann\nanna,lampe,1700000000\nbert,stuhl,1700000001\n",
            With("user=1,item=2,time=3") with { SkipBad = 5, TimeFormat = format }), StringComparison.Ordinal);

    [Fact]
    public void A_header_over_prices_is_refused() => Assert.Contains(
        "(the first line may be a header, since 'preis' is no number and those below it are: name its columns, not their positions)",
        file.ItemsRefusal("items.csv", "artikel,bezeichnung,preis\nlamp,Desk lamp,9.99\nchair,Chair,8\n", With("item=1,title=2")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("items.csv", "artikel1,name", ',', "4006381333931", "4006381333948")]
    [InlineData("items.csv", "EAN13;Bezeichnung", ';', "4006381333931", "4006381333948")]
    [InlineData("items.tsv", "code14\ttitle", '\t', "04006381333931", "04006381333948")]
    [InlineData("items.csv", "artikel1,name", ',', "A-1", "A-2")]
    public void A_header_with_a_digit_over_ids_is_no_item(string name, string header, char separator, string first, string second)
    {
        var text = $"{header}\n{first}{separator}Desk lamp\n{second}{separator}Oak chair\n";
        Assert.Contains(header.Split(separator)[0], file.ItemsRefusal(name, text), StringComparison.Ordinal);
        Assert.Equal([$"{first}=Desk lamp", $"{second}=Oak chair"],
            Titles(file.Items(name, text, With($"item={header.Split(separator)[0]},title={header.Split(separator)[1]}"))));
    }

    [Fact]
    public void A_word_with_a_digit_over_digits_is_refused_by_position_too() => Assert.Contains(
        "since 'Artikel1' is unlike the ids below it",
        file.ItemsRefusal("items.csv", "Artikel1;Bezeichnung\n17;Desk lamp\n18;Oak chair\n", With("item=1,title=2")),
        StringComparison.Ordinal);

    [Fact]
    public void Ids_that_begin_with_letters_need_no_header() => Assert.Equal(
        ["A17=Desk lamp", "B18=Oak chair"], Titles(file.Items("items.csv", "A17,Desk lamp\nB18,Oak chair\n")));

    [Fact]
    public void The_names_that_the_refusal_asks_for_are_taken() => Assert.Equal(
        ["lamp=Desk lamp", "chair=Chair"],
        Titles(file.Items("items.csv", "artikel,bezeichnung,preis\nlamp,Desk lamp,9.99\nchair,Chair,8\n",
            With("item=artikel,title=bezeichnung"))));

    [Fact]
    public void A_row_of_known_names_alone_is_a_header_wherever_the_columns_are()
    {
        var items = file.Items("items.csv", "handle,sku,name\nlamp,L-1,Desk lamp\n", With("item=2,title=3"));
        Assert.Equal((1L, "L-1=Desk lamp"), (items.Layout.HeaderLine, Assert.Single(Titles(items))));
    }

    [Theory]
    [InlineData("anna,lampe,1700000000,5\nbert,stuhl,1700000001,4\n", 2)]
    [InlineData("anna,lampe,1700000000,five\nbert,stuhl,1700000001,many\n", 2)]
    [InlineData("anna,lampe,1700000000,x\n", 1)]
    public void Rows_of_one_kind_are_data_from_the_first_on(string text, int count)
        => Assert.Equal(count, file.Clicks("clicks.csv", text, With("user=1,item=2,time=3")).Count);

    [Fact]
    public void A_bad_time_of_a_later_row_is_that_rows_alone() => Assert.StartsWith(
        "clicks.csv:2: 'noon' is not a time",
        file.ClicksRefusal("clicks.csv", "anna,lampe,1700000000\nbert,stuhl,noon\n", With("user=1,item=2,time=3")),
        StringComparison.Ordinal);
}
