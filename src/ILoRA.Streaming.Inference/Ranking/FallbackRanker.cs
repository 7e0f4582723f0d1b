using ILoRA.Streaming.Events;
using ILoRA.Streaming.Items;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>Lists for when no version can rank: none is loaded yet, the catalogue is empty, or the version knows nothing of the user's history.</summary>
public sealed class FallbackRanker(LivePopularity live)
{
    /// <summary>
    /// The popular items, then the newest ones. Marked cold where a version was there but not for this user, popular where none was, and fresh where
    /// nothing has been clicked yet.
    /// </summary>
    /// <param name="popular">The version's recently popular items; null where no version is served.</param>
    /// <param name="catalogue">As of now, perhaps empty.</param>
    /// <param name="count">Length of the list.</param>
    public RankedList Rank(IReadOnlyList<ItemId>? popular, Catalogue catalogue, int count)
    {
        var clicked = (popular ?? []).Concat(live.Order()).Distinct().Where(item => MayServe(catalogue, item)).Take(count).ToList();
        var reason = popular is not null && catalogue.Count > 0 ? Fallback.Cold : clicked.Count > 0 ? Fallback.Popular : Fallback.Fresh;
        var items = clicked.Concat(Fresh(catalogue)).Distinct().Take(count);
        // There is no score to show; the order is what counts.
        return new RankedList([.. items.Select((item, place) => new ScoredItem(item, 1f / (place + 1)))], []) { Fallback = reason };
    }

    /// <summary>Items by arrival, newest first.</summary>
    internal static IEnumerable<ItemId> Fresh(Catalogue catalogue)
    {
        for (var place = catalogue.Count - 1; place >= 0; place--)
        {
            if (catalogue.Entries[place] is { Deleted: false } entry)
                yield return entry.Item;
        }
    }

    // Before the catalogue arrives every clicked item may be shown.
    private static bool MayServe(Catalogue catalogue, ItemId item) => catalogue.Count == 0 || catalogue.Find(item) is { Deleted: false };
}
