using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Rules;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// Ranks by popularity and recency where no version can rank: none is loaded yet, the catalogue is empty, or the version knows no item of
/// the user's history.
/// </summary>
public sealed class FallbackRanker(LivePopularity live)
{
    /// <summary>
    /// Ranks the popular items first, then the newest. The list is marked cold where a version is served but cannot rank for this user,
    /// popular where no version is served, and fresh where there are no clicks either.
    /// </summary>
    /// <param name="popular">The version's recently popular items; null where no version is served.</param>
    /// <param name="catalogue">The current catalogue; it can be empty.</param>
    /// <param name="count">The length of the list.</param>
    public RankedList Rank(IReadOnlyList<ItemId>? popular, Catalogue catalogue, int count)
    {
        var rules = ListingMask.Of(catalogue);
        // While the catalogue is empty, every clicked item can be recommended.
        var clicked = (popular ?? []).Concat(live.Order()).Distinct()
            .Where(item => catalogue.Count == 0 || rules.Allows(item)).Take(count).ToList();
        var reason = popular is not null && catalogue.Count > 0 ? Fallback.Cold : clicked.Count > 0 ? Fallback.Popular : Fallback.Fresh;
        var items = clicked.Concat(rules.NewestFirst()).Distinct().Take(count);
        // There is no score; these values only express the order.
        return new RankedList([.. items.Select((item, place) => new ScoredItem(item, 1f / (place + 1)))], []) { Fallback = reason };
    }
}
