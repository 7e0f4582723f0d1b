using System.Text;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.TestKit;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class ItemFileTests : IDisposable
{
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("items.tsv", "0\tToy \"Story\"\tToy Story (1995)\n", "0=Toy \"Story\"")]
    [InlineData("items.tsv", "10002\tGLOBE\n10080\tCACTUS\n", "10002=GLOBE 10080=CACTUS")]
    [InlineData("items.csv", "a1,Lamp\nb2,Chair\n", "a1=Lamp b2=Chair")]
    public void Ids_and_titles_are_read_without_a_header(string name, string text, string expected)
        => Assert.Equal(expected, string.Join(' ', Titles(file.Items(name, text))));

    [Fact]
    public void Online_retail_keeps_the_stock_code()
    {
        const string Text = "0\tINFLATABLE POLITICAL GLOBE\t10002\n";
        Assert.Equal("10002",
            Assert.Single(file.Items("items.tsv", Text, new() { Format = FileFormat.OnlineRetail }).Lines).Attributes!["code"]);
        Assert.Equal(FileFormat.OnlineRetail, file.Items("items.tsv", Text).Layout.Format);
    }

    [Theory]
    [InlineData("u.item", "1|Misérables, Les (1995)|01-Jan-1995||x\n", FileFormat.MovieLens)]
    [InlineData("movies.dat", "1::Misérables, Les (1995)::Drama|Children's\n", null)]
    [InlineData("movies.dat", "1::Misérables, Les (1995)::Drama|Children's\n", FileFormat.MovieLens)]
    public void Old_MovieLens_is_read_as_Latin_1(string name, string text, FileFormat? format)
        => Assert.Equal(["1=Misérables, Les (1995)"],
            Titles(ItemFile.Open(file.Write(name, text, Encoding.Latin1), new() { Format = format })));

    [Fact]
    public void Genres_of_MovieLens_are_an_attribute()
    {
        Assert.Equal("Animation|Children's",
            Assert.Single(file.Items("movies.dat", "1::Toy Story (1995)::Animation|Children's\n").Lines).Attributes!["genres"]);
        Assert.Equal("Comedy",
            Assert.Single(file.Items("movies.csv", "movieId,title,genres\n1,\"Toy Story, The\",Comedy\n").Lines).Attributes!["genres"]);
    }

    [Fact]
    public void An_untitled_film_of_MovieLens_is_called_by_its_id()
        => Assert.Equal("266", Assert.Single(file.Items("items.tsv", "266\t\t\n", new() { Format = FileFormat.MovieLens }).Lines).Title);

    [Fact]
    public void Positions_make_the_first_row_data()
        => Assert.Equal(["lamp=LAMP"], Titles(file.Items("items.tsv", "lamp\tLAMP\n", With("item=1,title=2"))));

    [Fact]
    public void A_role_of_clicks_means_nothing_to_items()
        => Assert.Equal(["L-1=Lamp"], Titles(file.Items("items.csv", "nr,label\nL-1,Lamp\n", With("user=kunde,item=nr,title=label"))));

    [Fact]
    public void Positions_below_a_known_header_leave_it_out()
        => Assert.Equal(["L-1=Lamp"], Titles(file.Items("items.csv", "title,sku\nLamp,L-1\n", With("item=2,title=1"))));

    [Fact]
    public void The_products_own_events_of_an_item_are_one_item()
    {
        var item = Assert.Single(file.Items("items.jsonl", """
            {"item":"i1","title":"Lamp","attributes":{"colour":"red"},"time":1700000000}
            {"item":"i1","title":"Lamp","deleted":true,"time":1700000009}
            {"item":"i1","title":"Lamp"}
            """).Lines);
        Assert.Equal((1L, "red", 1700000009L, true),
            (item.Line, item.Attributes!["colour"], item.Time!.Value.ToUnixTimeSeconds(), item.Deleted));
    }

    [Theory]
    [InlineData("items.jsonl", "{\"item\":\"a1\",\"title\":\"Lamp\"}\n{\"item\":\"a1\",\"title\":\"Lamp red\"}\n", 2)]
    [InlineData("items.csv", "item,title\na1,Lamp\na1,Lamp red\n", 3)]
    public void The_first_title_stays_in_every_form(string name, string text, int line)
    {
        var items = file.Items(name, text);
        Assert.Equal(["a1=Lamp"], Titles(items));
        Assert.Equal([$"rows that give an item another title than its first: 1 ({name}:{line} 'Lamp red' for a1, 'Lamp' stays)."],
            items.Notes);
    }

    [Theory]
    [InlineData("items.jsonl",
        "{\"item\":\"a1\",\"title\":\"Lamp\",\"deleted\":true}\n{\"item\":\"a1\",\"title\":\"Lamp\",\"deleted\":false}\n", false)]
    [InlineData("items.csv", "item,title,deleted\na1,Lamp,true\na1,Lamp,false\n", false)]
    [InlineData("items.csv", "item,title,deleted\na1,Lamp,true\na1,Lamp,\n", true)]
    [InlineData("items.csv", "item,title,deleted\na1,Lamp,\na1,,true\n", true)]
    [InlineData("shopify.csv", "Handle,Title,Vendor,Status\na1,Lamp,Glow,active\na1,,,draft\n", false)]
    public void The_last_row_that_says_so_ends_the_sale_but_for_variants(string name, string text, bool deleted)
        => Assert.Equal(deleted, Assert.Single(file.Items(name, text).Lines).Deleted);

    [Fact]
    public void Json_objects_are_known_by_their_text_whatever_the_files_name()
        => Assert.Equal(["B1=Hat"], Titles(file.Items("meta_Fashion.txt", """{"asin":"B1","title":"Hat"}""")));

    [Theory]
    [InlineData("ean13,name\n4006381333931,Lamp\n", "4006381333931=Lamp")]
    [InlineData("EAN,sku,title\n4006381333931,a1,Lamp\n", "a1=Lamp")]
    [InlineData("upc,item,id,title\n012345678905,a1,7,Lamp\n", "a1=Lamp")]
    [InlineData("""{"gtin":"04006381333931","sku":"a1","title":"Lamp"}""", "a1=Lamp")]
    [InlineData("""{"gtin":"04006381333931","title":"Lamp"}""", "04006381333931=Lamp")]
    public void A_number_of_the_trade_is_the_item_where_nothing_else_is(string text, string item)
        => Assert.Equal([item], Titles(file.Items("items", text)));

    [Theory]
    [InlineData("Artikel,Bezeichnung\na1,Lampe\n",
        "it is not certain which column is what (no column is known to be the item or the title). First line: Artikel | Bezeichnung. "
        + "Say --columns item=...,title=...")]
    [InlineData("Artikel\tBezeichnung\na1\tLampe\n", "First line: Artikel | Bezeichnung.")]
    [InlineData("id,sku,title\n1,a1,Lamp\n", "(any of 'id', 'sku' may be the item)")]
    [InlineData("ean,upc,title\n4006381333931,012345678905,Lamp\n", "(any of 'ean', 'upc' may be the item)")]
    [InlineData("V1,V2\n1,Lamp\n", "First line: V1 | V2.")]
    [InlineData("lamp,Desk lamp\nchair,Chair\n", "First line: lamp | Desk lamp.")]
    [InlineData("1,Lighting\n2,Lighting\n3,Lighting\n", "it is not certain")]
    [InlineData("a1,b2\nc3,d4\n", "it is not certain")]
    [InlineData("1,Lighting,Lamp\n2,Furniture,Chair\n", "it is not certain")]
    [InlineData("1\tHome Decor\tLamp red\n2\tGarden and Home\tChair blue\n", "Known names: item: item, item_id,")]
    [InlineData("Lamp\nChair\n", "it is not certain")]
    public void What_is_not_certain_is_refused_with_header_names_and_flag(string text, string part)
        => Assert.Contains(part, file.ItemsRefusal("items.csv", text), StringComparison.Ordinal);

    [Theory]
    [InlineData("1\tLamp, red\n2\tChair\n", FileFormat.Csv,
        "items.tsv: is not a csv file: it is understood as tsv, separated by tabs; leave out --format.")]
    [InlineData("sku\ttitle\n2\tChair\n", FileFormat.Csv,
        "items.tsv: is not a csv file: it is understood as tsv, separated by tabs; leave out --format.")]
    [InlineData("sku,title\na1,Lamp\n", FileFormat.Tsv,
        "items.tsv: is not a tsv file: it is understood as csv, separated by commas; leave out --format.")]
    [InlineData("sku,title\na1,Lamp\n", FileFormat.WooCommerce,
        "items.tsv: is not a woocommerce file: it is understood as csv, separated by commas; leave out --format.")]
    public void A_format_that_is_not_the_files_is_refused(string text, FileFormat format, string message)
        => Assert.Equal(message, file.ItemsRefusal("items.tsv", text, new() { Format = format }));

    [Theory]
    [InlineData("item=artikel", "--columns names 'artikel', which the first line does not have")]
    [InlineData("item=3,title=2", "items.csv: --columns names column 3, the file has 2.")]
    public void A_column_that_is_not_there_is_refused(string columns, string part)
        => Assert.Contains(part, file.ItemsRefusal("items.csv", "sku,title\na1,Lamp\n", With(columns)), StringComparison.Ordinal);

    [Fact]
    public void A_first_row_that_may_be_a_header_is_refused_below_positions()
        => Assert.Contains("the first line may be a header",
            file.ItemsRefusal("items.csv", "Artikel,Bezeichnung\na1,Lampe\n", With("item=1,title=2")), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("sku,title\n")]
    [InlineData("\n\n")]
    public void A_file_without_an_item_is_refused(string text)
        => Assert.Contains("holds no", file.ItemsRefusal("items.csv", text), StringComparison.Ordinal);

    [Theory]
    [InlineData("lastfm", 4606)]
    [InlineData("movielens", 1682)]
    [InlineData("steam", 3581)]
    [InlineData("online-retail", 3659)]
    public void The_shared_catalogues_are_recognised(string name, int least)
    {
        var path = Golden.Shared("data", name, "items.tsv");
        Assert.SkipUnless(File.Exists(path), "the shared data are not beside the repository (set ILORA_SHARED)");
        var items = ItemFile.Open(path!, FileReading.Recognised);
        Assert.Equal(File.ReadLines(path!).Count(), items.Count);
        Assert.True(items.Count >= least);
    }

    [Fact]
    public void A_deletion_needs_no_title()
    {
        var items = file.Items("items.jsonl", "{\"item\":\"e4\",\"title\":\"Lamp\"}\n{\"item\":\"e5\",\"deleted\":true}\n");
        Assert.Equal(["e4=Lamp", "e5=e5"], Titles(items));
        Assert.All(items.Lines, item => Assert.True(item.IsNews));
        Assert.Empty(items.Notes);
    }

    [Fact]
    public void An_untitled_item_that_stays_for_sale_is_no_news()
        => Assert.False(Assert.Single(file.Items("items.tsv", "266\t\t\n", new() { Format = FileFormat.MovieLens }).Lines).IsNews);

    [Theory]
    [InlineData("maybe")]
    [InlineData("2")]
    [InlineData("2024-05-01")]
    public void A_deleted_column_that_is_no_yes_or_no_is_a_bad_row(string value) => Assert.Equal(
        $"items.csv:2: deleted '{value}' is none of true, false, 1, 0, yes, no; leave the column out by --columns deleted=-.",
        file.ItemsRefusal("items.csv", $"item,title,deleted\na1,Lamp,{value}\n"));

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("False", false)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("", false)]
    public void A_deleted_column_says_yes_or_no(string value, bool deleted)
        => Assert.Equal(deleted, Assert.Single(file.Items("items.csv", $"item,title,deleted\na1,Lamp,{value}\n").Lines).Deleted);

    [Theory]
    [InlineData(4096, null)]
    [InlineData(4097, "items.csv:2: title has more than 4,096 characters.")]
    public void A_title_is_as_long_as_an_event_takes_it(int length, string? refusal)
    {
        var text = $"item,title\na1,{new string('x', length)}\n";
        Assert.Equal(refusal, Record.Exception(() => file.Items("items.csv", text))?.Message);
    }

    [Fact]
    public void A_column_for_two_roles_is_refused()
    {
        Assert.Null(ColumnFlag.Parse("item=nr,title=nr,user=-,type=-", out var problem));
        Assert.Equal("'nr' is given for item and for title", problem);
    }
}
