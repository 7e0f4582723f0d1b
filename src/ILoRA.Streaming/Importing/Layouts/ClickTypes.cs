using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Importing.Layouts;

/// <summary>What shops and trackers call the types of clicks.</summary>
internal static class ClickTypes
{
    private static readonly Dictionary<string, ClickType> ByName = new Dictionary<ClickType, string[]>
    {
        [ClickType.View] = ["view", "view_item", "page_view", "product_view", "item_view", "detail_view", "pv", "read"],
        [ClickType.Click] = ["click", "select_item", "item_click", "like", "star", "favorite", "fav"],
        [ClickType.Cart] = ["cart", "add_to_cart", "add_cart", "addtobasket"],
        [ClickType.Purchase] = ["purchase", "buy", "order", "transaction", "checkout", "ecommerce_purchase"],
    }
    .SelectMany(type => type.Value.Select(name => (Name: HeaderName.Plain(name), type.Key)))
    .ToDictionary(pair => pair.Name, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Events by which an interest ends: as clicks they would teach its opposite.</summary>
    private static readonly HashSet<string> Withdrawals = new[]
    {
        "remove_from_cart", "remove_cart", "cart_remove", "remove_from_basket", "delete_from_cart", "remove", "remove_from_wishlist",
        "unlike", "unfavorite", "unstar", "dislike", "refund", "return", "cancel", "order_cancelled", "order_canceled",
    }
    .Select(HeaderName.Plain).ToHashSet(StringComparer.Ordinal);

    public static string Known => string.Join(", ", Enum.GetNames<ClickType>()).ToLowerInvariant();

    /// <summary>Capitals and punctuation make no difference.</summary>
    public static bool TryParse(string name, out ClickType type) => ByName.TryGetValue(HeaderName.Plain(name), out type);

    /// <summary>Whether the event ends an interest, such as a removal from the cart. Capitals and punctuation make no difference.</summary>
    public static bool IsWithdrawal(string name) => Withdrawals.Contains(HeaderName.Plain(name));
}
