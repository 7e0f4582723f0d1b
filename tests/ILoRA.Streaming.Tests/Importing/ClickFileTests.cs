using System.IO.Compression;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Importing;
using ILoRA.Streaming.Importing.Layouts;
using ILoRA.Streaming.TestKit;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class ClickFileTests : IDisposable
{
    private const string Click = "196 242 881250949";
    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public void User_item_and_time_are_read_without_a_header_by_their_positions()
    {
        var click = Assert.Single(file.Clicks("clicks.tsv", "u1\ti\"1\t1700000000\n", With("user=1,item=2,time=3")).Lines);
        Assert.Equal(("u1", "i\"1", 1700000000L, 1L), (click.User, click.Item, click.Time.ToUnixTimeSeconds(), click.Line));
    }

    [Fact]
    public void Columns_are_known_by_the_header()
    {
        var click =
            Assert.Single(
                file.Clicks("clicks.csv",
                    "time,session,movieId,userId,Event-ID,event_type\n2024-05-01T10:00:00Z,s9,\"a,b\",u1,e7,add_to_cart\n").Lines);
        Assert.Equal(("u1", "a,b", "s9", "e7", ClickType.Cart, 2L),
            (click.User, click.Item, click.Session, click.Id, click.Type, click.Line));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero), click.Time);
    }

    [Fact]
    public void The_products_own_events_are_read()
    {
        var click =
            Assert.Single(file.Clicks("clicks.jsonl", """{"user":"u1","item":"i1","time":1700000000000,"type":"cart","id":"x"}""").Lines);
        Assert.Equal(("u1", "i1", ClickType.Cart, "x", 1700000000L),
            (click.User, click.Item, click.Type, click.Id, click.Time.ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("u.data", "196\t242\t3\t881250949\n", null)]
    [InlineData("ratings.tsv", "196\t242\t3\t881250949\n", FileFormat.MovieLens)]
    [InlineData("stream.tsv", "881250949\t196\t242\t3\ttrain\n", null)]
    [InlineData("stream.tsv", "881250949\t196\t242\t3\ttrain\n", FileFormat.MovieLens)]
    [InlineData("ratings.csv", "userId,movieId,rating,timestamp\n196,242,3.5,881250949\n", null)]
    [InlineData("ratings.dat", "196::242::3::881250949\n", null)]
    [InlineData("ratings.dat", "196::242::3::881250949\n", FileFormat.MovieLens)]
    public void MovieLens_of_all_kinds_gives_the_same_click(string name, string text, FileFormat? format)
    {
        var clicks = file.Clicks(name, text, new() { Format = format });
        Assert.Equal((FileFormat.MovieLens, Click), (clicks.Layout.Format, Assert.Single(Texts(clicks))));
    }

    [Fact]
    public void The_short_form_of_Online_Retail_puts_the_time_first()
        => Assert.Equal(["17850 3233 1291191960"],
            Texts(file.Clicks("events.tsv", "1291191960\t17850\t3233\n", new() { Format = FileFormat.OnlineRetail })));

    [Fact]
    public void Invoices_of_Online_Retail_are_purchases_without_cancellations_and_strangers()
    {
        var clicks = file.Clicks("OnlineRetail.csv", """
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            536365,85123A,"LAMP, RED",6,12/1/2010 8:26,2.55,17850,United Kingdom
            C536379,D,Discount,-1,12/1/2010 9:41,27.5,14527,United Kingdom
            536414,22139,,56,12/1/2010 11:52,0,,United Kingdom
            536520,22041,RECORD,1,12/13/2010 12:43,2.55,14729,United Kingdom
            """);
        Assert.Equal(["17850 85123A 1291191960 Purchase", "14729 22041 1292244180 Purchase"], Texts(clicks));
        Assert.Equal(["left out: 1 cancellations.", "left out: 1 invoice lines without a customer."], clicks.Notes);
    }

    [Theory]
    [InlineData("events.csv", "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n",
        FileFormat.RetailRocket, "257597 355908 1433221332 View")]
    [InlineData("x.inter", "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t2\t3\t881250949\n", FileFormat.RecBole,
        "1 2 881250949")]
    [InlineData("feedback.csv", "feedback_type,user_id,item_id,time_stamp\nread,u,i,2024-05-01 10:00:00\n", FileFormat.Gorse,
        "u i 1714557600 View")]
    [InlineData("r.csv", "user_id,parent_asin,rating,timestamp\nAE1,B0001,5.0,1588615855070\n", FileFormat.Amazon, "AE1 B0001 1588615855")]
    [InlineData("ratings_Books.csv", "A1YJEY40YUW4SE,B000123456,5.0,1452643200\n", FileFormat.Amazon,
        "A1YJEY40YUW4SE B000123456 1452643200")]
    [InlineData("Books.csv", "0001713353,A1C6M8LCIX4M6M,5.0,1452643200\n", FileFormat.Amazon, "A1C6M8LCIX4M6M 0001713353 1452643200")]
    [InlineData("ga4.csv", "event_date,event_timestamp,event_name,user_pseudo_id,item_id\n20240501,1714557600000000,view_item,12.34,i\n",
        FileFormat.Ga4, "12.34 i 1714557600 View")]
    [InlineData("orders.csv", "order_id;customer_id;sku;order_date\n7;c1;a1;2024-05-01\n", FileFormat.Csv, "c1 a1 1714521600")]
    public void Exports_are_recognised_by_their_headers(string name, string text, FileFormat format, string click)
    {
        var clicks = file.Clicks(name, text);
        Assert.Equal((format, click), (clicks.Layout.Format, Assert.Single(Texts(clicks))));
    }

    [Fact]
    public void Events_of_Analytics_that_are_no_interest_in_an_item_are_left_out()
    {
        var clicks = file.Clicks("ga4.csv", """
            event_timestamp,event_name,user_pseudo_id,item_id
            1714557600000000,page_view,12.34,
            1714557600000000,scroll,12.34,i
            1714557600000000,purchase,12.34,i
            """);
        Assert.Equal(["12.34 i 1714557600 Purchase"], Texts(clicks));
    }

    [Fact]
    public void Clicks_come_in_the_order_of_time_with_their_lines()
        => Assert.Equal([2L, 3L, 1L],
            file.Clicks("clicks.tsv", "u1\ta1\t1700000009\nu2\ta1\t1700000001\nu3\ta1\t1700000001\n",
                With("user=1,item=2,time=3")).Lines.Select(click => click.Line));

    [Fact]
    public void A_packed_file_reads_as_the_plain_one()
    {
        var path = file.Write("clicks.tsv.gz", "");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            packed.Write("user\titem\ttime\nu1\ti1\t1700000000\n"u8);
        Assert.Equal("i1", Assert.Single(ClickFile.Read(path, FileReading.Recognised)).Item);
    }

    [Theory]
    [InlineData("1,31,2.5,1260759144\n1,1029,3.0,1260759179\n")]
    [InlineData("1\t31\t4\n2\t31\t5\n")]
    [InlineData("1291191960\t17850\t3233\n")]
    [InlineData("u1\ti1\tyesterday\n")]
    [InlineData("u1\ti1\t1700000000\nu2\ti1\t1700000001\n")]
    [InlineData("lamp,anna,1700000000\nlamp,bert,1700000001\n")]
    [InlineData("u1\ti1\n")]
    [InlineData("wer,was,wann\nu1,i1,1700000000\n")]
    public void What_is_not_certain_is_refused_with_the_flag(string text)
        => Assert.Contains("Say --columns user=...,item=...,time=... ", file.ClicksRefusal("clicks.csv", text), StringComparison.Ordinal);

    [Fact]
    public void A_rating_is_not_a_time() => Assert.StartsWith(
        "clicks.csv:1: time '4' (Unix seconds) is 1970-01-01T00:00:04Z, before 1990",
        file.ClicksRefusal("clicks.csv", "u1,i1,4,1260759144\n", With("user=1,item=2,time=3")), StringComparison.Ordinal);

    [Fact]
    public void Positions_say_what_is_what_and_a_column_may_be_left_out()
    {
        Assert.Equal(["1 31 1260759144"], Texts(file.Clicks("clicks.csv", "1,31,2.5,1260759144\n", With("user=1,item=2,time=4"))));
        Assert.Equal(["1 31 1260759144"], Texts(file.Clicks("clicks.csv", "user,item,time,type\n1,31,1260759144,web\n", With("type=-"))));
    }

    [Fact]
    public void Days_are_told_from_months_by_the_whole_column()
    {
        Assert.Equal(["u1 i1 1291161600", "u1 i1 1292198400"],
            Texts(file.Clicks("c.csv", "user,item,time\nu1,i1,01/12/2010\nu1,i1,13/12/2010\n")));
        Assert.Contains("--time-format", file.ClicksRefusal("c.csv", "user,item,time\nu1,i1,01/12/2010\nu1,i1,02/12/2010\n"),
            StringComparison.Ordinal);
        Assert.Equal(["u1 i1 1314835200"], Texts(file.Clicks("c.csv", "user,item,time\nu1,i1,20110901\n")));
    }

    [Theory]
    [InlineData("user,item,time\nu1,i1,1700000000\n\nu2,,1700000000\n", "clicks.csv:4: item is empty.")]
    [InlineData("user,item,time\nu1,i1,1700000000\nu2,i2\n", "clicks.csv:3: has 2 columns, column 3 (time) is missing.")]
    [InlineData("user,item,time,price\nu1,i1,1700000000,5\nu2,i2,1700000000\n",
        "clicks.csv:3: has 3 columns, the first line has 4; the row seems to be cut off.")]
    [InlineData("user,item,time\nu1,i1,1700000000\nu2,i2,yesterday\n", "clicks.csv:3: 'yesterday' is not a time")]
    [InlineData("user,item,time\nu1,i1,1700000000\nu2,i2,4\n",
        "clicks.csv:3: time '4' (Unix seconds) is 1970-01-01T00:00:04Z, before 1990")]
    [InlineData("user,item,time,type\nu1,i1,1700000000,web\n",
        "clicks.csv:2: type 'web' is none of view, click, cart, purchase; leave the column out by --columns type=-")]
    [InlineData("user\titem\ttime\nu1\ti1\t1700000000\n\nu2\ti2\n", "clicks.csv:4: has 2 columns, column 3 (time) is missing.")]
    public void A_bad_row_is_named(string text, string message)
        => Assert.StartsWith(message, file.ClicksRefusal("clicks.csv", text), StringComparison.Ordinal);

    [Fact]
    public void Bad_rows_of_every_kind_count_against_the_number_allowed()
    {
        const string Text = "user,item,time\nu1,,1700000000\nu2,i2,4\nu3,i3,1700000000\nu4,i4,yesterday\n";
        var clicks = file.Clicks("clicks.csv", Text, new() { SkipBad = 3 });
        Assert.Equal((3, "clicks.csv:2: item is empty."), (clicks.Skipped, clicks.FirstSkipped));
        Assert.Equal(["u3 i3 1700000000"], Texts(clicks));
        Assert.Contains("of more than 2 bad rows", file.ClicksRefusal("clicks.csv", Text, new() { SkipBad = 2 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_json_line_is_named()
        => Assert.StartsWith("clicks.jsonl:2: ",
            file.ClicksRefusal("clicks.jsonl", "{\"user\":\"u\",\"item\":\"i\",\"time\":1700000000}\n{\"user\":7}\n"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("movielens", "stream.tsv", null)]
    [InlineData("movielens-100k", "u.data", null)]
    [InlineData("online-retail", "events.tsv", FileFormat.OnlineRetail)]
    public void The_shared_streams_are_recognised(string folder, string name, FileFormat? format)
    {
        var path = Golden.Shared("data", folder, name);
        Assert.SkipUnless(File.Exists(path), "the shared data are not beside the repository (set ILORA_SHARED)");
        var clicks = ClickFile.Open(path!, new() { Format = format });
        Assert.Equal(File.ReadLines(path!).Count(), clicks.Count);
    }

    [Fact]
    public void A_bad_record_takes_no_good_one_of_its_line_along()
    {
        const string Text =
            """[{"user":"u1","item":"i1","time":1700000000},{"user":"u2","time":1700000000},{"user":"u3","item":"i3","time":1700000000}]""";
        var clicks = file.Clicks("clicks.json", Text, new() { SkipBad = 1 });
        Assert.Equal(["u1 i1 1700000000", "u3 i3 1700000000"], Texts(clicks));
        Assert.Equal(1, clicks.Skipped);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("session")]
    [InlineData("recommendation")]
    public void What_is_longer_than_an_event_takes_is_a_bad_row(string column)
    {
        string Text(int length) => $"user,item,time,{column}\nu1,i1,1700000000,{new string('x', length)}\n";
        Assert.Equal(1, file.Clicks("clicks.csv", Text(256)).Count);
        Assert.Equal($"clicks.csv:2: {column} has more than 256 bytes.", file.ClicksRefusal("clicks.csv", Text(257)));
    }
}
