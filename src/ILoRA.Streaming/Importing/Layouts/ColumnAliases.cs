namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>The names by which columns and JSON members are recognised; documented in docs/files.md.</summary>
internal static class ColumnAliases
{
    private static readonly string[] ItemNames =
    [
        "item", "item_id", "id_item", "product_id", "id_product", "sku", "product_sku", "item_sku", "product_code", "item_code",
        "item_number", "stock_code", "article_id", "article_number", "asin", "parent_asin", "isbn", "movie_id", "book_id", "track_id",
        "song_id", "artist_id", "video_id", "game_id", "news_id", "content_id", "listing_id", "handle",
    ];

    /// <summary>Numbers of the trade: they name the item where no other column does.</summary>
    private static readonly string[] TradeNumbers = ["ean", "ean13", "gtin", "gtin13", "gtin14", "upc", "barcode"];

    private static readonly string[] UserNames =
    [
        "user", "user_id", "uid", "user_pseudo_id", "customer", "customer_id", "customer_number", "client_id", "visitor",
        "visitor_id", "reviewer_id", "member_id", "account_id", "shopper_id", "buyer_id",
    ];

    private static readonly string[] TimeNames =
    [
        "time", "timestamp", "time_stamp", "ts", "unix", "unix_time", "unix_timestamp", "unix_review_time", "date", "datetime",
        "event_time", "event_timestamp", "event_date", "created_at", "created", "order_date", "order_time", "invoice_date",
        "purchase_date", "clicked_at", "occurred_at", "viewed_at", "ordered_at",
    ];

    private static readonly string[] TitleNames =
    [
        "title", "name", "item_title", "item_name", "product_title", "product_name", "movie_title", "book_title", "track_name",
        "song_title", "artist_name", "video_title", "article_title", "display_name",
    ];

    private static readonly string[] TypeNames =
    [
        "type", "event", "event_type", "event_name", "action", "behavior", "behaviour", "behavior_type", "feedback_type",
        "interaction",
    ];

    private static readonly Dictionary<ColumnRole, string[]> OfClicks = new()
    {
        [ColumnRole.User] = UserNames,
        [ColumnRole.Item] = [.. ItemNames, "product", .. TradeNumbers],
        [ColumnRole.Time] = TimeNames,
        [ColumnRole.Type] = TypeNames,
        [ColumnRole.Id] = ["id", "event_id", "click_id"],
        [ColumnRole.Session] = ["session", "session_id", "visit_id", "ga_session_id"],
        [ColumnRole.Recommendation] = ["recommendation", "recommendation_id"],
    };

    private static readonly Dictionary<ColumnRole, string[]> OfItems = new()
    {
        [ColumnRole.Item] = [.. ItemNames, "id", .. TradeNumbers],
        [ColumnRole.Title] = TitleNames,
        [ColumnRole.Deleted] = ["deleted", "is_deleted"],
    };

    private static readonly Dictionary<FileKind, Dictionary<string, ColumnRole>> ByPlainName = new()
    {
        [FileKind.Clicks] = Plain(OfClicks),
        [FileKind.Items] = Plain(OfItems),
    };

    /// <summary>By role, in the order of the documentation.</summary>
    public static IReadOnlyDictionary<ColumnRole, string[]> Of(FileKind kind) => kind == FileKind.Items ? OfItems : OfClicks;

    /// <summary>The roles without which a file is refused.</summary>
    public static IReadOnlyList<ColumnRole> Required(FileKind kind)
        => kind == FileKind.Items ? [ColumnRole.Item, ColumnRole.Title] : [ColumnRole.User, ColumnRole.Item, ColumnRole.Time];

    /// <summary>Null where the name is none of the known ones.</summary>
    public static ColumnRole? RoleOf(FileKind kind, string name)
        => ByPlainName[kind].TryGetValue(HeaderName.Plain(name), out var role) ? role : null;

    /// <summary>
    /// Those of the names that may be the role: the product's own go before other known names, and these before numbers of the trade.
    /// </summary>
    /// <param name="role">What is looked for.</param>
    /// <param name="names">Known names of the role.</param>
    /// <returns>More than one where it is not certain.</returns>
    public static IReadOnlyList<string> Foremost(ColumnRole role, IReadOnlyList<string> names)
    {
        foreach (var rank in (Func<string, bool>[])[name => IsOwn(role, name), name => !IsTradeNumber(name)])
            if (names.Where(rank).ToArray() is [_, ..] chosen)
                return chosen;
        return names;
    }

    private static bool IsTradeNumber(string name) => TradeNumbers.Contains(HeaderName.Plain(name));

    /// <summary>Whether the name is exactly the product's own: it then goes before other known names.</summary>
    public static bool IsOwn(ColumnRole role, string name) => name.Trim().Equals(role.ToString(), StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, ColumnRole> Plain(Dictionary<ColumnRole, string[]> names)
        => names.SelectMany(role => role.Value.Select(name => (Name: HeaderName.Plain(name), role.Key)))
            .DistinctBy(pair => pair.Name)
            .ToDictionary(pair => pair.Name, pair => pair.Key, StringComparer.Ordinal);
}
