using ILoRA.Streaming.Importing.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Delimited;

/// <summary>The exports that are recognised by their headers; docs/files.md lists them.</summary>
internal static class NamedFormats
{
    private static readonly NamedFormat WooCommerce = new(FileFormat.WooCommerce, FileKind.Items)
    {
        Signature = [["id"], ["type"], ["sku"], ["name"]],
        Columns = new Dictionary<ColumnRole, string[]> { [ColumnRole.Item] = ["id"], [ColumnRole.Title] = ["name"] },
        Attributes = new Dictionary<string, string>
        {
            ["sku"] = "sku",
            ["categories"] = "category",
            ["brands"] = "brand",
            ["tags"] = "tags",
            ["regularprice"] = "price",
        },
        LeftOut = row => row.Lists("type", "variation") ? "variations (their product is the item)" : null,
        // 1 published, 0 private, -1 draft.
        Deleted = row => row.Is("published", "0", "-1") || row.Is("visibilityincatalog", "hidden"),
    };

    /// <summary>The same export of columns that were chosen.</summary>
    private static readonly NamedFormat WooCommerceColumns =
        WooCommerce with { Signature = [["id"], ["name"], ["published", "visibilityincatalog"]] };

    private static readonly NamedFormat Shopify = new(FileFormat.Shopify, FileKind.Items)
    {
        Signature = [["handle", "urlhandle"], ["title"], ["bodyhtml", "vendor", "variantsku", "variantprice", "option1name"]],
        Columns = new Dictionary<ColumnRole, string[]> { [ColumnRole.Item] = ["handle", "urlhandle"], [ColumnRole.Title] = ["title"] },
        Attributes = new Dictionary<string, string>
        {
            ["vendor"] = "brand",
            ["productcategory"] = "category",
            ["type"] = "type",
            ["tags"] = "tags",
            ["variantprice"] = "price",
            ["price"] = "price",
        },
        Deleted = row => row.Is("status", "draft", "archived") || row.Is("published", "false"),
    };

    private static readonly NamedFormat Magento = new(FileFormat.Magento, FileKind.Items)
    {
        Signature = [["sku"], ["name"], ["attributesetcode", "attributeset", "storeviewcode", "producttype", "productwebsites"]],
        Columns = new Dictionary<ColumnRole, string[]> { [ColumnRole.Item] = ["sku"], [ColumnRole.Title] = ["name"] },
        Attributes = new Dictionary<string, string>
        {
            ["categories"] = "category",
            ["category"] = "category",
            ["price"] = "price",
            ["producttype"] = "type",
        },
        // Version 1 continues a product in rows without an SKU.
        LeftOut = row => row["sku"].Length == 0 ? "rows without an SKU (they continue the product above)"
            : row.Is("visibility", "Not Visible Individually") ? "products that are not visible individually" : null,
        Deleted = row => row.Is("productonline", "2") || row.Is("status", "2", "Disabled"),
    };

    private static readonly NamedFormat OnlineRetailItems = new(FileFormat.OnlineRetail, FileKind.Items)
    {
        Signature = [["stockcode"], ["description"]],
        Columns = new Dictionary<ColumnRole, string[]> { [ColumnRole.Item] = ["stockcode"], [ColumnRole.Title] = ["description"] },
        Attributes = new Dictionary<string, string>(),
    };

    private static readonly NamedFormat OnlineRetailClicks = new(FileFormat.OnlineRetail, FileKind.Clicks)
    {
        Signature = [["invoiceno", "invoice"], ["stockcode"], ["invoicedate"], ["customerid"]],
        Columns = new Dictionary<ColumnRole, string[]>
        {
            [ColumnRole.User] = ["customerid"],
            [ColumnRole.Item] = ["stockcode"],
            [ColumnRole.Time] = ["invoicedate"],
        },
        Type = "purchase",
        LeftOut = row => row["customerid"].Length == 0 ? "invoice lines without a customer"
            : $"{row["invoiceno"]}{row["invoice"]}".StartsWith('C') || row["quantity"].StartsWith('-') ? "cancellations" : null,
    };

    private static readonly NamedFormat MovieLensItems = new(FileFormat.MovieLens, FileKind.Items)
    {
        Signature = [["movieid"], ["title"], ["genres"]],
        Columns = new Dictionary<ColumnRole, string[]> { [ColumnRole.Item] = ["movieid"], [ColumnRole.Title] = ["title"] },
    };

    private static readonly NamedFormat MovieLensClicks = new(FileFormat.MovieLens, FileKind.Clicks)
    {
        Signature = [["userid"], ["movieid"], ["rating"], ["timestamp"]],
        Columns = new Dictionary<ColumnRole, string[]>
        {
            [ColumnRole.User] = ["userid"],
            [ColumnRole.Item] = ["movieid"],
            [ColumnRole.Time] = ["timestamp"],
        },
    };

    private static readonly NamedFormat AmazonItems = new(FileFormat.Amazon, FileKind.Items)
    {
        Signature = [["parentasin", "asin"], ["title"]],
        Columns = new Dictionary<ColumnRole, string[]> { [ColumnRole.Item] = ["parentasin", "asin"], [ColumnRole.Title] = ["title"] },
        Attributes = new Dictionary<string, string>
        {
            ["maincategory"] = "category",
            ["categories"] = "categories",
            ["brand"] = "brand",
            ["store"] = "brand",
            ["price"] = "price",
        },
    };

    private static readonly NamedFormat AmazonClicks = new(FileFormat.Amazon, FileKind.Clicks)
    {
        Signature = [["userid", "reviewerid"], ["parentasin", "asin"], ["timestamp", "unixreviewtime"]],
        Columns = new Dictionary<ColumnRole, string[]>
        {
            [ColumnRole.User] = ["userid", "reviewerid"],
            [ColumnRole.Item] = ["parentasin", "asin"],
            [ColumnRole.Time] = ["timestamp", "unixreviewtime"],
        },
    };

    private static readonly NamedFormat RetailRocket = new(FileFormat.RetailRocket, FileKind.Clicks)
    {
        Signature = [["timestamp"], ["visitorid"], ["event"], ["itemid"]],
        Columns = new Dictionary<ColumnRole, string[]>
        {
            [ColumnRole.User] = ["visitorid"],
            [ColumnRole.Item] = ["itemid"],
            [ColumnRole.Time] = ["timestamp"],
            [ColumnRole.Type] = ["event"],
        },
    };

    private static readonly NamedFormat GorseItems = new(FileFormat.Gorse, FileKind.Items)
    {
        Signature = [["itemid"], ["ishidden"], ["comment"]],
        Columns = new Dictionary<ColumnRole, string[]> { [ColumnRole.Item] = ["itemid"], [ColumnRole.Title] = ["comment"] },
        Attributes = new Dictionary<string, string> { ["categories"] = "category", ["labels"] = "labels" },
        Deleted = row => row.Is("ishidden", "true", "1"),
    };

    private static readonly NamedFormat GorseClicks = new(FileFormat.Gorse, FileKind.Clicks)
    {
        Signature = [["feedbacktype"], ["userid"], ["itemid"], ["timestamp"]],
        Columns = new Dictionary<ColumnRole, string[]>
        {
            [ColumnRole.User] = ["userid"],
            [ColumnRole.Item] = ["itemid"],
            [ColumnRole.Time] = ["timestamp"],
            [ColumnRole.Type] = ["feedbacktype"],
        },
    };

    private static readonly NamedFormat Ga4Items = new(FileFormat.Ga4, FileKind.Items)
    {
        Signature = [["eventname"], ["itemid", "itemsitemid"], ["itemname", "itemsitemname"]],
        Columns = new Dictionary<ColumnRole, string[]>
        {
            [ColumnRole.Item] = ["itemid", "itemsitemid"],
            [ColumnRole.Title] = ["itemname", "itemsitemname"],
        },
        Attributes = new Dictionary<string, string> { ["itembrand"] = "brand", ["itemcategory"] = "category" },
        LeftOut = row => HasItem(row) ? null : "events without an item",
    };

    private static readonly NamedFormat Ga4Clicks = new(FileFormat.Ga4, FileKind.Clicks)
    {
        Signature = [["eventname"], ["eventtimestamp"], ["userpseudoid"], ["itemid", "itemsitemid"]],
        Columns = new Dictionary<ColumnRole, string[]>
        {
            [ColumnRole.User] = ["userpseudoid"],
            [ColumnRole.Item] = ["itemid", "itemsitemid"],
            [ColumnRole.Time] = ["eventtimestamp"],
            [ColumnRole.Type] = ["eventname"],
        },
        LeftOut = row => !HasItem(row) ? "events without an item"
            : !IsSet(row["userpseudoid"]) ? "events without a user"
            : Ga4Events.TypeOf(row["eventname"]) is null ? Ga4Events.Named(row["eventname"]) : null,
    };

    private static bool HasItem(NamedFields row) => IsSet(row["itemid"]) || IsSet(row["itemsitemid"]);

    private static bool IsSet(string text) => text.Length > 0 && !MissingValue.Is(text);

    /// <summary>The likelier ones first.</summary>
    public static IReadOnlyList<NamedFormat> All { get; } =
    [
        WooCommerce, WooCommerceColumns, Shopify, Magento, MovieLensItems, GorseItems, Ga4Items, OnlineRetailItems, AmazonItems,
        OnlineRetailClicks, MovieLensClicks, RetailRocket, GorseClicks, Ga4Clicks, AmazonClicks,
    ];
}
