using System.Diagnostics;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Rules;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>
/// Ranks the catalogue for a user's history by the scorer of a version, after retrieval where it cannot score the whole catalogue.
/// </summary>
public sealed class Ranker(CandidateLimits limits)
{
    /// <summary>Ranks the catalogue.</summary>
    /// <param name="version">The version.</param>
    /// <param name="items">The history, oldest first.</param>
    /// <param name="catalogue">The current catalogue.</param>
    /// <param name="count">The length of the list.</param>
    /// <returns>The list; null where the version knows no item of the history.</returns>
    public RankedList? Rank(ServedVersion version, IReadOnlyList<ItemId> items, Catalogue catalogue, int count)
    {
        var start = Stopwatch.GetTimestamp();
        if (EncodedHistory.Of(version, items) is not { } history)
            return null;
        var covered = version.Vectors.Of(catalogue);
        var places = Candidates(version, history, covered.Catalogue);
        var retrieved = Stopwatch.GetTimestamp();
        var ranked = version.Snapshot.Scorer == Scorer.Head
            ? HeadRanker.Rank(version, history, covered, places, count)
            : TitleRanker.Rank(version, history, covered, places!, count);
        return new RankedList(ranked, history.Gate)
        {
            Candidates = places?.Select(place => covered.Catalogue.Entries[place].Item).ToList(),
            Retrieve = Stopwatch.GetElapsedTime(start, retrieved),
            Score = Stopwatch.GetElapsedTime(retrieved),
        };
    }

    /// <summary>The items with the highest logits of the encoder; the popular items where it knows no item of the history.</summary>
    public static IReadOnlyList<ItemId> EncoderList(ServedVersion version, IReadOnlyList<ItemId> items, Catalogue catalogue, int count) =>
        EncodedHistory.Of(version, items) is { } history
            ? EncoderOrder(version, history, catalogue, count)
            : PopularList(version, catalogue, count);

    /// <summary>The version's recently popular items.</summary>
    public static IReadOnlyList<ItemId> PopularList(ServedVersion version, Catalogue catalogue, int count) =>
        [.. version.Popular.Where(ListingMask.Of(catalogue).Allows).Take(count)];

    // The catalogue indices of the candidates; null for the whole catalogue.
    private int[]? Candidates(ServedVersion version, EncodedHistory history, Catalogue catalogue)
    {
        var head = version.Snapshot.Scorer == Scorer.Head;
        if (head && catalogue.Count <= limits.WholeCatalogue)
            return null;
        var count = head ? limits.Head : limits.Title;
        var rules = ListingMask.Of(catalogue);
        var encoder = EncoderOrder(version, history, catalogue, count);
        return [.. Retrieval.Merge(encoder, version.Popular.Where(rules.Allows), rules.NewestFirst(), count).Select(catalogue.PlaceOf)];
    }

    private static List<ItemId> EncoderOrder(ServedVersion version, EncodedHistory history, Catalogue catalogue, int count)
    {
        // Few items cannot be served, so a margin is usually enough; otherwise all rows are ranked.
        var (ids, rules) = (version.Snapshot.Items.Ids, ListingMask.Of(catalogue));
        var margin = Math.Min(ids.Count, 2 * count + 50);
        var best = Servable(margin);
        return best.Count >= count || margin == ids.Count ? best : Servable(ids.Count);

        List<ItemId> Servable(int rows) =>
            [.. TopK.Of(history.LogEncoder, rows).Select(row => new ItemId(ids[row])).Where(rules.Allows).Take(count)];
    }
}
