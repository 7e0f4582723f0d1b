using ILoRA.Streaming.Importing.Layouts;
using static ILoRA.Streaming.Tests.Importing.ImportedFile;

namespace ILoRA.Streaming.Tests.Importing;

/// <summary>Catalogues as shops export them.</summary>
public sealed class ShopItemsTests : IDisposable
{
    private const string WooCommerce = """
        ID,Type,SKU,Name,Published,"Is featured?","Short description",Categories,Tags,"Regular price",Parent
        44,variable,hoodie,Hoodie,1,0,"<p>Warm,
        soft</p>","Clothing, Clothing > Hoodies",warm,45,
        57,variation,hoodie-red,"Hoodie - Red",1,0,,,,45,hoodie
        60,simple,beanie,"Beanie with 12"" logo",-1,0,,Clothing,,18,

        """;

    private const string Shopify = """
        Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Status
        lamp,Desk Lamp,"<p>A ""lamp""</p>",Glow,Home & Garden,Lighting,desk,true,Colour,Red,L-R,20,active
        lamp,,,,,,,,,Blue,L-B,20,
        chair,Chair,,Sit,,,,true,,,C-1,90,draft

        """;

    /// <summary>WooCommerce translates the names of its columns.</summary>
    private static readonly string Translated =
        "ID,Typ,Artikelnummer,Name,Ver\u00f6ffentlicht," + string.Join(',', Enumerable.Range(1, 17).Select(i => $"Eigenschaft {i}"))
        + "\n44,variable,hoodie,Kapuzenpulli,1" + new string(',', 17) + "\n45,variation,hoodie-red,Kapuzenpulli - rot,1"
        + new string(',', 17) + "\n";

    private readonly ImportedFile file = new();

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("ID,Name,Published,\"Visibility in catalog\"\n1,Lamp,1,visible\n2,Draft,-1,visible\n3,Hidden,1,hidden\n")]
    [InlineData("ID,SKU,Name,Published\n1,a,Lamp,1\n2,b,Draft,-1\n3,c,Private,0\n")]
    public void WooCommerce_exports_of_chosen_columns_sell_no_drafts(string text)
    {
        var items = file.Items("products.csv", text);
        Assert.Equal(FileFormat.WooCommerce, items.Layout.Format);
        Assert.Equal(["1"], items.Lines.Where(item => !item.Deleted).Select(item => item.Item));
    }

    [Fact]
    public void WooCommerce_products_are_known_by_id_and_name()
    {
        var items = file.Items("wc-product-export.csv", WooCommerce);
        Assert.Equal(["44=Hoodie", "60=Beanie with 12\" logo"], Titles(items));
        Assert.Equal(FileFormat.WooCommerce, items.Layout.Format);
        var hoodie = items.Lines.First();
        Assert.Equal(("hoodie", "Clothing, Clothing > Hoodies", "45"),
            (hoodie.Attributes!["sku"], hoodie.Attributes["category"], hoodie.Attributes["price"]));
        Assert.Equal(["left out: 1 variations (their product is the item)."], items.Notes);
    }

    [Fact]
    public void A_draft_of_WooCommerce_is_not_for_sale()
        => Assert.Equal([false, true], file.Items("export.csv", WooCommerce).Lines.Select(item => item.Deleted));

    [Fact]
    public void A_hidden_product_of_WooCommerce_is_not_for_sale()
    {
        const string Text = "ID,Type,SKU,Name,Published,Visibility in catalog\n1,simple,a,Lamp,1,visible\n2,simple,b,Gift wrap,1,hidden\n";
        Assert.Equal([false, true], file.Items("export.csv", Text).Lines.Select(item => item.Deleted));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(FileFormat.WooCommerce)]
    public void A_shops_export_in_another_language_is_refused_with_the_remedy(FileFormat? format)
    {
        var refused = Assert.Throws<InvalidDataException>(() => file.Items("export.csv", Translated, new() { Format = format }));
        Assert.Contains("--columns item=...,title=...", refused.Message, StringComparison.Ordinal);
        if (format is null)
            Assert.Contains("export it in English", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "First line: ID | Typ | Artikelnummer | Name | Ver\u00f6ffentlicht | Eigenschaft 1 | Eigenschaft 2 | Eigenschaft 3 | ... "
            + "(22 columns). With --columns item=...,title=... all of its rows are items, variants and unpublished products too.",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_rows_of_a_wide_file_are_taken_by_those_who_say_so()
    {
        Assert.Equal(["44=Kapuzenpulli", "45=Kapuzenpulli - rot"],
            Titles(file.Items("export.csv", Translated, With("item=ID,title=Name"))));
        Assert.Equal(2, file.Items("export.csv", Translated, new() { Format = FileFormat.Csv }).Lines.Count());
    }

    [Fact]
    public void Lines_are_counted_as_an_editor_does_with_quoted_line_breaks()
        => Assert.Equal([2L, 5L], file.Items("export.csv", WooCommerce).Lines.Select(item => item.Line));

    [Fact]
    public void The_columns_flag_goes_before_the_format_that_was_recognised()
        => Assert.Equal(["hoodie=Hoodie", "beanie=Beanie with 12\" logo"], Titles(file.Items("export.csv", WooCommerce, With("item=SKU"))));

    [Fact]
    public void Variants_of_Shopify_do_not_take_the_products_title_away()
    {
        var items = file.Items("products_export.csv", Shopify);
        Assert.Equal(["lamp=Desk Lamp", "chair=Chair"], Titles(items));
        Assert.Equal(FileFormat.Shopify, items.Layout.Format);
        Assert.Equal(("Glow", "Home & Garden"), (items.Lines.First().Attributes!["brand"], items.Lines.First().Attributes!["category"]));
        Assert.Equal([false, true], items.Lines.Select(item => item.Deleted));
    }

    [Fact]
    public void Shopifys_newer_header_is_known()
        => Assert.Equal(["lamp=Desk Lamp"],
            Titles(file.Items("p.csv", "Title,URL handle,Description,Vendor\nDesk Lamp,lamp,,Glow\n,lamp,,\n")));

    [Fact]
    public void Magento_rows_of_store_views_do_not_take_the_title_away()
    {
        var items = file.Items("catalog_product.csv", """
            sku,store_view_code,attribute_set_code,product_type,categories,name,product_online,visibility
            24-MB01,,Bag,simple,Default Category/Gear,Joust Duffle Bag,1,"Catalog, Search"
            24-MB01,german,Bag,simple,,,,
            MH01-XS,,Top,simple,,Hoodie-XS,1,Not Visible Individually
            24-MB04,,Bag,simple,,Strive Pack,2,"Catalog, Search"
            """);
        Assert.Equal(["24-MB01=Joust Duffle Bag", "24-MB04=Strive Pack"], Titles(items));
        Assert.Equal([false, true], items.Lines.Select(item => item.Deleted));
    }

    [Theory]
    [InlineData("sku,product_name\nL-1,Lamp\n")]
    [InlineData("title,sku\nLamp,L-1\n")]
    [InlineData("Product Name;SKU\nLamp;L-1\n")]
    [InlineData("\uFEFFSKU\tProduct-Name\tColour\r\nL-1\tLamp\tRed\r\n")]
    [InlineData("InvoiceNo,StockCode,Description\n536365,L-1,Lamp\n")]
    [InlineData("asin,title,brand\nL-1,Lamp,Glow\n")]
    [InlineData("item_id:token\titem_title:token_seq\nL-1\tLamp\n")]
    [InlineData("item_id,is_hidden,categories,time_stamp,labels,comment\nL-1,false,[],2024-01-01,{},Lamp\n")]
    [InlineData("item|title\nL-1|Lamp\n")]
    public void Columns_are_known_by_their_names(string text) => Assert.Equal(["L-1=Lamp"], Titles(file.Items("items.csv", text)));

    [Fact]
    public void RecBoles_items_are_read_without_quotes()
    {
        var items = file.Items("ml.item", "item_id:token\tmovie_title:token_seq\tclass:token_seq\n1\t\"Toy\" Story\tComedy\n");
        Assert.Equal((FileFormat.RecBole, "1=\"Toy\" Story"), (items.Layout.Format, Assert.Single(Titles(items))));
    }

    [Fact]
    public void Further_columns_of_a_plain_file_are_attributes()
        => Assert.Equal("Comedy",
            Assert.Single(file.Items("items.csv", "id,name,genres\n1,\"Toy Story, The\",Comedy\n").Lines).Attributes!["genres"]);

    [Theory]
    [InlineData("variation")]
    [InlineData("variation, virtual")]
    [InlineData("variation, downloadable, virtual")]
    public void WooCommerces_variations_are_left_out_whatever_else_they_are(string type) => Assert.Equal(
        ["7=Course"],
        Titles(file.Items("products.csv", $"ID,Type,SKU,Name\n7,\"variable, virtual\",c,Course\n8,\"{type}\",c-1,Course - Morning\n")));
}
