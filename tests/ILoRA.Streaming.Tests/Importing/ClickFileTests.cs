using System.IO.Compression;
using ILoRA.Streaming.Clicks;
using ILoRA.Streaming.Importing;
using Xunit;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class ClickFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ilora-import").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Tsv_without_a_header_is_user_item_time()
    {
        var click = Assert.Single(Read("clicks.tsv", "u1\ti\"1\t1700000000\n", FileFormat.Tsv));
        Assert.Equal(("u1", "i\"1", 1700000000L, 1L), (click.User, click.Item, click.Time.ToUnixTimeSeconds(), click.Line));
    }

    [Fact]
    public void Csv_finds_columns_by_the_header_and_unquotes()
    {
        var click = Assert.Single(Read("clicks.csv", "time,session,movieId,userId\n2024-05-01T10:00:00Z,s9,\"a,b\",u1\n", FileFormat.Csv));
        Assert.Equal(("u1", "a,b", "s9", 2L), (click.User, click.Item, click.Session, click.Line));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero), click.Time);
    }

    [Fact]
    public void Jsonl_takes_the_products_own_click_events()
    {
        var click = Assert.Single(Read("clicks.jsonl", """{"user":"u1","item":"i1","time":1700000000000,"type":"cart","id":"x"}""", FileFormat.Jsonl));
        Assert.Equal(("u1", "i1", ClickType.Cart, "x", 1700000000L), (click.User, click.Item, click.Type, click.Id, click.Time.ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("u.data", "196\t242\t3\t881250949\n")]
    [InlineData("stream.tsv", "881250949\t196\t242\t3\ttrain\n")]
    [InlineData("ratings.csv", "userId,movieId,rating,timestamp\n196,242,3,881250949\n")]
    public void Movielens_files_of_all_kinds_give_the_same_click(string name, string text)
    {
        var click = Assert.Single(Read(name, text, FileFormat.MovieLens));
        Assert.Equal(("196", "242", 881250949L), (click.User, click.Item, click.Time.ToUnixTimeSeconds()));
    }

    [Fact]
    public void Online_retail_puts_the_time_first()
    {
        var click = Assert.Single(Read("events.tsv", "1291191960\t17850\t3233\n", FileFormat.OnlineRetail));
        Assert.Equal(("17850", "3233", 1291191960L), (click.User, click.Item, click.Time.ToUnixTimeSeconds()));
    }

    [Fact]
    public void A_packed_file_reads_as_the_plain_one()
    {
        var path = Path.Combine(folder, "clicks.tsv.gz");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            packed.Write("u1\ti1\t1700000000\n"u8);
        Assert.Equal(FileFormat.Csv, FileFormats.OfName("clicks.csv.gz"));
        Assert.Equal("i1", Assert.Single(ClickFile.Read(path, FileFormat.Tsv)).Item);
    }

    [Theory]
    [InlineData("u1\ti1\tyesterday\n", "clicks.tsv:1: 'yesterday' (column 3) is not a time; give Unix seconds, milliseconds or RFC 3339.")]
    [InlineData("u1\ti1\t1\n\nu2\ti2\n", "clicks.tsv:3: has 2 columns, column 3 is missing.")]
    [InlineData("u1\t\t1\n", "clicks.tsv:1: item (column 2) is empty.")]
    public void A_bad_line_is_named(string text, string message)
        => Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read("clicks.tsv", text, FileFormat.Tsv)).Message);

    [Fact]
    public void A_bad_json_line_is_named()
    {
        var failure = Assert.Throws<InvalidDataException>(() => Read("clicks.jsonl", "{\"user\":\"u\",\"item\":\"i\",\"time\":1}\n{\"user\":7}\n", FileFormat.Jsonl));
        Assert.StartsWith("clicks.jsonl:2: ", failure.Message, StringComparison.Ordinal);
    }

    private List<ClickLine> Read(string name, string text, FileFormat format)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return [.. ClickFile.Read(path, format)];
    }
}
