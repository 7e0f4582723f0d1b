using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.Importing.Text;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class ItemRulesTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public void A_blank_title_does_not_take_a_title_away_wherever_it_stands()
        => Assert.Equal(["a1=Lamp", "b2=Chair"], Titles(file.Items("items.csv", "sku,title\na1,\na1,Lamp\na1,  \nb2,Chair\n")));

    [Fact]
    public void The_first_title_stays_and_another_one_is_said()
    {
        var items = file.Items("items.csv", "sku,title\na1,Lamp\na1,Lamp red\n");
        Assert.Equal(["a1=Lamp"], Titles(items));
        Assert.Equal(["rows that give an item another title than its first: 1 (items.csv:3 'Lamp red' for a1, 'Lamp' stays)."],
            items.Notes);
    }

    [Fact]
    public void A_title_over_two_lines_becomes_one()
        => Assert.Equal(["a1=Desk lamp"], Titles(file.Items("items.csv", "sku,title\na1,\"Desk\r\n lamp\"\r\n")));

    [Fact]
    public void Titles_that_are_mostly_blank_refuse_the_file() => Assert.Equal(
        "items.csv:3: the title of item 'b2' is empty, as those of 1 of 2 items; name its column by --columns title=NAME.",
        file.ItemsRefusal("items.csv", "sku,title\na1,Lamp\nb2,\n"));

    [Fact]
    public void One_untitled_item_among_many_is_said_and_marked()
    {
        var items = file.Items("items.csv", "sku,title\nx0,\n" + string.Concat(Enumerable.Range(1, 19).Select(n => $"x{n},Lamp {n}\n")));
        Assert.Equal("x0", Assert.Single(items.Lines, item => item.Untitled).Title);
        Assert.Equal(["items without a title: 1, the first is x0 (items.csv:2)."], items.Notes);
    }

    [Fact]
    public void Bad_rows_are_left_out_up_to_the_number_allowed()
    {
        const string Text = "sku,title\n,Lamp\na1,Chair\n\nb2,Table, round\n";
        var items = file.Items("items.csv", Text, new() { SkipBad = 2 });
        Assert.Equal((2, "items.csv:2: item is empty."), (items.Skipped, items.FirstSkipped));
        Assert.Equal(["a1=Chair"], Titles(items));
        Assert.Equal("items.csv:2: item is empty. It is the first of more than 1 bad rows (--skip-bad).",
            file.ItemsRefusal("items.csv", Text, new() { SkipBad = 1 }));
    }

    [Theory]
    [InlineData("sku,title\na1,Lamp\n\nb2,Table, round\n",
        "items.csv:4: has 3 columns, the first line has 2; put a field that holds ',' in double quotes.")]
    [InlineData("sku,title,colour\na1,Lamp,\nb2,Chair\n", "items.csv:3: has 2 columns, the first line has 3; the row seems to be cut off.")]
    [InlineData("sku,title\na1,\"Lamp\nred\"\n,Chair\n", "items.csv:4: item is empty.")]
    [InlineData("sku,title\na1,\"Lamp\nb2,Chair\n", "items.csv:2: the quote that opens column 2 is not closed.")]
    [InlineData("sku,title\na1,\"Lamp\nb2,\"Chair\"\nc3,Table\n", "items.csv:2: the quote that opens column 2 is not closed.")]
    [InlineData("sku,title\na1,\"Lamp\" red\n",
        "items.csv:2: column 2 goes on after its closing quote; a quote inside of quotes is written twice.")]
    [InlineData("title,colour,sku\nLamp,red,a1\nChair\n", "items.csv:3: has 1 columns, column 3 (item) is missing.")]
    public void A_bad_row_is_named_by_the_files_own_line(string text, string message)
        => Assert.Equal(message, file.ItemsRefusal("items.csv", text));

    [Theory]
    [InlineData("sku,title\na1,Lamp,,\n")]
    [InlineData("sku,title,,\na1,Lamp\n")]
    [InlineData("sku,title,,\na1,Lamp,,\n")]
    public void Empty_columns_at_the_end_may_be_there_or_not(string text) =>
        Assert.Equal(["a1=Lamp"], Titles(file.Items("items.csv", text)));

    [Fact]
    public void A_row_that_is_cut_off_counts_among_those_that_may_be_skipped()
    {
        var items = file.Items("items.csv", "sku,title,colour\na1,Lamp,red\nb2,Chair\n", new() { SkipBad = 1 });
        Assert.Equal((1, 1L), (items.Skipped, items.Count));
    }

    [Fact]
    public void An_open_quote_refuses_the_file_whatever_may_be_skipped()
        => Assert.StartsWith("items.csv:2: the quote",
            file.ItemsRefusal("items.csv", "sku,title\na1,\"Lamp\nb2,Chair\n", new() { SkipBad = 9 }), StringComparison.Ordinal);

    [Fact]
    public void An_open_quote_at_the_top_of_a_long_file_is_found_without_reading_all_of_it() => Assert.Equal(
        "items.csv:1: a field has more than 1,048,576 characters, as if a quote were not closed.",
        file.ItemsRefusal("items.csv", "sku,\"title\n" + new string('x', 1_100_000)));

    [Fact]
    public void Quotes_of_tab_separated_files_are_understood_and_those_within_a_title_stay()
        => Assert.Equal(["1=Lamp, \"red\"", "2=\"Weird Al\" Yankovic", "3=12\" vinyl"],
            Titles(file.Items("items.tsv", "sku\ttitle\n1\t\"Lamp, \"\"red\"\"\"\n2\t\"Weird Al\" Yankovic\n3\t12\" vinyl\n")));

    [Fact]
    public void Latin_1_is_refused_with_line_and_remedy_and_read_with_its_encoding()
    {
        var path = file.Write("items.csv", "sku,title\na1,Lamp\nb2,Café\n", Encoding.Latin1);
        Assert.Equal("items.csv:3: byte 0xE9 is not utf-8; give the file's encoding, e.g. --encoding windows-1252 or --encoding latin1.",
            Assert.Throws<InvalidDataException>(() => ItemFile.Open(path, FileReading.Recognised)).Message);
        Assert.True(FileEncoding.TryParse("windows-1252", out var encoding));
        Assert.Equal(["a1=Lamp", "b2=Café"], Titles(ItemFile.Open(path, new() { Encoding = encoding })));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-8")]
    public void A_byte_order_mark_tells_the_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var path = file.Write("items.csv", "\uFEFFsku,title\na1,Café\n", encoding);
        Assert.Equal(["a1=Café"], Titles(ItemFile.Open(path, FileReading.Recognised)));
    }

    [Fact]
    public void Text_of_two_bytes_without_a_mark_is_refused_with_the_remedy() => Assert.EndsWith(
        "give the file's encoding, e.g. --encoding utf-16.",
        Assert.Throws<InvalidDataException>(
            () => ItemFile.Open(file.Write("items.csv", "sku,title\na1,Lamp\n", Encoding.Unicode), FileReading.Recognised)).Message,
                StringComparison.Ordinal);

    [Theory]
    [InlineData("\"03/04/2024\"", "'03/04/2024' may have the day or the month first; write it as 2011-12-09")]
    [InlineData("\"nonsense\"",
        "'nonsense' is not a time; give RFC 3339, a date such as 2011-12-09, or Unix seconds, milliseconds or microseconds")]
    [InlineData("true", "'true' is not a time; give RFC 3339, a date such as 2011-12-09, or Unix seconds, milliseconds or microseconds")]
    [InlineData("\"0001-01-01\"", "'0001-01-01' is not a time that events can have: they are of the years 1900 to 9999")]
    public void A_time_of_an_item_that_is_none_is_a_bad_row(string time, string problem) => Assert.Equal(
        $"items.jsonl:1: time {problem}; leave it out by --columns time=-.",
        file.ItemsRefusal("items.jsonl", $$"""{"item":"a","title":"Lamp","time":{{time}}}"""));

    [Theory]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"NULL\"", null)]
    [InlineData("\"2024-04-03\"", 1712102400L)]
    [InlineData("1700000000", 1700000000L)]
    public void A_time_of_an_item_may_be_given_or_not(string time, long? seconds) => Assert.Equal(
        seconds, Assert.Single(
            file.Items("items.jsonl", $$"""{"item":"a","title":"Lamp","time":{{time}}}""").Lines).Time?.ToUnixTimeSeconds());

    [Fact]
    public void A_time_of_items_is_left_out_on_demand()
        => Assert.Null(
            Assert.Single(file.Items("items.jsonl", """{"item":"a","title":"Stew","time":"45 min"}""", With("time=-")).Lines).Time);

    [Fact]
    public void Numbers_and_truth_values_are_attributes_and_what_is_no_text_is_said_once()
    {
        var items = file.Items("items.jsonl", """
            {"item":"a","title":"Lamp","attributes":{"colour":"red","price":12.50,"new":true,"none":null,"sizes":[1,2],"more":{"a":1}}}
            {"item":"b","title":"Chair","attributes":["red"]}
            {"item":"c","title":"Cup","attributes":null}
            """);
        var attributes = items.Lines.First().Attributes!;
        Assert.Equal(["colour=red", "price=12.50", "new=true"], attributes.Select(pair => $"{pair.Key}={pair.Value}"));
        Assert.Equal(["left out: 3 attributes that are lists or objects."], items.Notes);
    }
}
