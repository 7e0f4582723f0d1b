using System.Text.Json;
using ILoRA.Streaming.Importing.Layouts;

namespace ILoRA.Streaming.Importing.Json;

/// <summary>Amazon's reviews (2018 and 2023) as clicks, and its product data as items.</summary>
internal sealed class AmazonObjects(FileKind kind, JsonMapping mapping) : JsonShape
{
    public static bool Has(FileKind kind, IReadOnlyCollection<string> names)
        => AreReviews(names) || (kind == FileKind.Items && names.Contains("title") && HasProduct(names));

    /// <summary>The roles that Amazon's members have.</summary>
    /// <exception cref="InvalidDataException">Reviews are to be read as items: their titles are not the products'.</exception>
    public static Dictionary<ColumnRole, JsonPath[]> Paths(string file, FileKind kind, IReadOnlyCollection<string> names)
    {
        if (kind == FileKind.Clicks)
            return new()
            {
                [ColumnRole.User] = [JsonPath.Parse("user_id"), JsonPath.Parse("reviewerID")],
                [ColumnRole.Item] = [JsonPath.Parse("parent_asin"), JsonPath.Parse("asin")],
                [ColumnRole.Time] = [JsonPath.Parse("timestamp"), JsonPath.Parse("unixReviewTime")],
            };
        if (AreReviews(names))
            throw new InvalidDataException(
                $"{file}: holds reviews, whose titles are not the products'; give the file of products (meta_...).");
        return new()
        {
            [ColumnRole.Item] = [JsonPath.Parse("parent_asin"), JsonPath.Parse("asin")],
            [ColumnRole.Title] = [JsonPath.Parse("title")],
        };
    }

    public override IEnumerable<FileRecord> Records(JsonElement root, long line) => kind == FileKind.Clicks
        ? mapping.Records(root, line)
        : mapping.Records(root, line, Attributes).Select(record => IsUntitled(record) ? LeftOut(line, "products without a title") : record);

    private static JsonAttributes Attributes(JsonElement product)
        => JsonAttributes.Of(product, ("brand", "brand"), ("store", "brand"), ("main_category", "category"), ("main_cat", "category"));

    private static bool IsUntitled(FileRecord record)
        => record.Problem is null && record[ColumnRole.Title] is null && record[ColumnRole.Item] is not null;

    private static bool AreReviews(IReadOnlyCollection<string> names)
        => (names.Contains("reviewerID") && names.Contains("asin"))
            || (names.Contains("user_id") && names.Contains("timestamp") && HasProduct(names));

    private static bool HasProduct(IReadOnlyCollection<string> names) => names.Contains("parent_asin") || names.Contains("asin");
}
