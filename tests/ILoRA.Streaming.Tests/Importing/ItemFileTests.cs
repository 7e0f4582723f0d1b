using System.Text;
using ILoRA.Streaming.Importing;
using Xunit;

namespace ILoRA.Streaming.Tests.Importing;

public sealed class ItemFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ilora-import").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Tsv_is_id_and_title_and_ignores_what_follows()
    {
        var item = Assert.Single(Read("items.tsv", "0\tToy \"Story\"\tToy Story (1995)\n", FileFormat.Tsv));
        Assert.Equal(("0", "Toy \"Story\""), (item.Item, item.Title));
        Assert.Null(item.Attributes);
    }

    [Fact]
    public void Csv_keeps_further_columns_as_attributes()
    {
        var item = Assert.Single(Read("movies.csv", "movieId,title,genres\n1,\"Toy Story, The\",Comedy\n", FileFormat.MovieLens));
        Assert.Equal(("1", "Toy Story, The", "Comedy"), (item.Item, item.Title, item.Attributes!["genres"]));
    }

    [Fact]
    public void Movielens_u_item_is_read_as_latin_1()
    {
        var path = Path.Combine(folder, "u.item");
        File.WriteAllText(path, "1|Misérables, Les (1995)|01-Jan-1995||x\n", Encoding.Latin1);
        Assert.Equal("Misérables, Les (1995)", Assert.Single(ItemFile.Read(path, FileFormat.MovieLens)).Title);
    }

    [Fact]
    public void Online_retail_keeps_the_stock_code()
        => Assert.Equal("10002", Assert.Single(Read("items.tsv", "0\tINFLATABLE POLITICAL GLOBE\t10002\n", FileFormat.OnlineRetail)).Attributes!["code"]);

    [Fact]
    public void An_item_without_a_title_is_called_by_its_id()
        => Assert.Equal("266", Assert.Single(Read("items.tsv", "266\t\t\n", FileFormat.MovieLens)).Title);

    [Fact]
    public void A_first_title_that_is_the_id_in_capitals_is_data()
        => Assert.Equal("LAMP", Assert.Single(Read("items.tsv", "lamp\tLAMP\n", FileFormat.Tsv)).Title);

    [Fact]
    public void Jsonl_takes_the_products_own_item_events()
    {
        var item = Assert.Single(Read("items.jsonl", """{"item":"i1","title":"Lamp","attributes":{"colour":"red"},"deleted":true}""", FileFormat.Jsonl));
        Assert.Equal(("i1", "Lamp", "red", true), (item.Item, item.Title, item.Attributes!["colour"], item.Deleted));
    }

    private List<ItemLine> Read(string name, string text, FileFormat format)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return [.. ItemFile.Read(path, format)];
    }
}
