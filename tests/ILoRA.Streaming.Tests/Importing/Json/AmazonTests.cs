using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Tests.Importing.Json;

public sealed class AmazonTests : IDisposable
{
    private const string Review2018 =
        """{"overall":5.0,"verified":true,"reviewTime":"09 9, 2018","reviewerID":"A1","asin":"B0001","reviewerName":"N","summary":"S","unixReviewTime":1536451200}""";
    private const string Review2023 =
        """{"rating":5.0,"title":"Great!","text":"x","images":[],"asin":"B0002","parent_asin":"B0001","user_id":"AE1","timestamp":1588615855070,"verified_purchase":true}""";

    private readonly JsonFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData(Review2018, "A1 B0001 1536451200 - -")]
    [InlineData(Review2023, "AE1 B0001 1588615855070 - -")]
    public void Reviews_are_clicks_on_the_product(string text, string click)
    {
        var records = file.Open(text);
        Assert.Equal((FileFormat.Amazon, click), (records.Layout.Format, JsonFile.Click(Assert.Single(records.Read()))));
    }

    [Theory]
    [InlineData("""{"asin":"B0001","title":"Hat","brand":"H","main_cat":"Fashion","price":"$5"}""")]
    [InlineData(
        """{"main_category":"Fashion","title":"Hat","average_rating":4.1,"store":"H","details":{"brand":"no"},"parent_asin":"B0001"}""")]
    public void Products_are_items(string text)
    {
        var records = file.Open(text, FileKind.Items);
        Assert.Equal(FileFormat.Amazon, records.Layout.Format);
        Assert.Equal("B0001=Hat brand:H category:Fashion", JsonFile.Item(Assert.Single(records.Read())));
    }

    [Fact]
    public void Products_without_a_title_are_left_out()
    {
        var records = file.Open("{\"asin\":\"B0001\",\"title\":\"Hat\"}\n{\"asin\":\"B0002\",\"title\":\"\"}\n", FileKind.Items);
        Assert.Equal(["B0001=Hat", "products without a title"], records.Read().Select(JsonFile.Item));
    }

    [Fact]
    public void The_titles_of_reviews_are_not_taken_for_the_products()
        => Assert.Equal("export.jsonl: holds reviews, whose titles are not the products'; give the file of products (meta_...).",
            Assert.Throws<InvalidDataException>(() => file.Open(Review2023, FileKind.Items)).Message);

    [Fact]
    public void A_deleted_product_is_not_for_sale()
        => Assert.Equal(["true", null],
            file.Open("{\"asin\":\"B1\",\"title\":\"Hat\",\"is_deleted\":true}\n{\"asin\":\"B2\",\"title\":\"Cap\"}\n", FileKind.Items)
            .Read().Select(record => record[ColumnRole.Deleted]));

    [Fact]
    public void A_type_of_a_review_is_read()
        => Assert.Equal(["A1 B1 1536451200 remove_from_cart -"],
            file.Open("""{"reviewerID":"A1","asin":"B1","unixReviewTime":1536451200,"event_type":"remove_from_cart"}""").Read()
                .Select(JsonFile.Click));

    [Fact]
    public void The_products_own_name_goes_before_Amazons()
        => Assert.Equal(["a1=Hat"],
            file.Open("""{"item":"a1","asin":"B1","title":"Hat"}""", FileKind.Items, FileFormat.Amazon).Read().Select(JsonFile.Item));

    [Fact]
    public void A_number_is_an_attribute_too()
        => Assert.Equal(["B1=Hat brand:7"],
            file.Open("""{"asin":"B1","title":"Hat","brand":7}""", FileKind.Items).Read().Select(JsonFile.Item));
}
