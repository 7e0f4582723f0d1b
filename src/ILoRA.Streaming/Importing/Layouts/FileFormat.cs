using ILoRA.Streaming.Importing.Text;

namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>The file formats that items and clicks are imported from.</summary>
public enum FileFormat
{
    /// <summary>Separated by tabs; columns by a header line, or by what they hold.</summary>
    Tsv,

    /// <summary>Separated by commas or semicolons; columns as <see cref="Tsv"/>.</summary>
    Csv,

    /// <summary>One event of the product's own JSON a line.</summary>
    Jsonl,

    /// <summary>
    /// MovieLens: u.data, u.item, ratings.dat, movies.dat, ratings.csv, movies.csv; the stream (s, user, item, rating, split).
    /// </summary>
    MovieLens,

    /// <summary>Online Retail: its invoice lines; clicks as s, customer, item; items as id, title, stock code.</summary>
    OnlineRetail,

    /// <summary>WooCommerce's product export.</summary>
    WooCommerce,

    /// <summary>Shopify's product export: an item is a product (its handle), its variants are left out.</summary>
    Shopify,

    /// <summary>Magento's (Adobe Commerce's) product export.</summary>
    Magento,

    /// <summary>Google Analytics 4: its BigQuery export as JSON Lines, or a table of it.</summary>
    Ga4,

    /// <summary>Amazon's reviews, ratings and product data as researchers publish them.</summary>
    Amazon,

    /// <summary>RetailRocket's events.csv.</summary>
    RetailRocket,

    /// <summary>RecBole's atomic files (.inter, .item): names with types, tab-separated.</summary>
    RecBole,

    /// <summary>Gorse's export of feedback and items.</summary>
    Gorse,
}

/// <summary>The formats' names on a command line.</summary>
public static class FileFormats
{
    public static IReadOnlyDictionary<string, FileFormat> ByName { get; } = new Dictionary<string, FileFormat>(StringComparer.Ordinal)
    {
        ["tsv"] = FileFormat.Tsv,
        ["csv"] = FileFormat.Csv,
        ["jsonl"] = FileFormat.Jsonl,
        ["movielens"] = FileFormat.MovieLens,
        ["online-retail"] = FileFormat.OnlineRetail,
        ["woocommerce"] = FileFormat.WooCommerce,
        ["shopify"] = FileFormat.Shopify,
        ["magento"] = FileFormat.Magento,
        ["ga4"] = FileFormat.Ga4,
        ["amazon"] = FileFormat.Amazon,
        ["retailrocket"] = FileFormat.RetailRocket,
        ["recbole"] = FileFormat.RecBole,
        ["gorse"] = FileFormat.Gorse,
    };

    public static string NameOf(FileFormat format) => ByName.First(pair => pair.Value == format).Key;

    /// <summary>The format that a file's name suggests: .csv, .jsonl, else tsv.</summary>
    public static FileFormat OfName(string path) => Path.GetExtension(TextSource.Unpacked(path)).ToUpperInvariant() switch
    {
        ".CSV" => FileFormat.Csv,
        ".JSONL" or ".NDJSON" => FileFormat.Jsonl,
        _ => FileFormat.Tsv,
    };
}
