using System.Diagnostics;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>Ranks the catalogue for one history under one version.</summary>
public sealed class Ranker(CandidateLimits limits)
{
    /// <returns>Null where the version knows nothing of the history.</returns>
    public RankedList? Rank(ServedVersion version, IReadOnlyList<ItemId> items, Catalogue catalogue, int count)
    {
        var start = Stopwatch.GetTimestamp();
        if (ReadHistory.Of(version, items) is not { } history)
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

    /// <summary>The encoder's own top items; the popular ones where it knows nothing of the history.</summary>
    public static IReadOnlyList<ItemId> EncoderList(ServedVersion version, IReadOnlyList<ItemId> items, Catalogue catalogue, int count) =>
        ReadHistory.Of(version, items) is { } history ? EncoderOrder(version, history, catalogue, count) : PopularList(version, catalogue, count);

    /// <summary>The version's recently popular items.</summary>
    public static IReadOnlyList<ItemId> PopularList(ServedVersion version, Catalogue catalogue, int count) =>
        [.. version.Popular.Where(item => Serves(catalogue, item)).Take(count)];

    // Null means all: the head scorer takes the whole catalogue where it can.
    private int[]? Candidates(ServedVersion version, ReadHistory history, Catalogue catalogue)
    {
        var head = version.Snapshot.Scorer == Scorer.Head;
        if (head && catalogue.Count <= limits.WholeCatalogue)
            return null;
        var count = head ? limits.Head : limits.Title;
        var popular = version.Popular.Where(item => Serves(catalogue, item));
        return [.. Retrieval.Merge(EncoderOrder(version, history, catalogue, count), popular, FallbackRanker.Fresh(catalogue), count).Select(catalogue.PlaceOf)];
    }

    private static List<ItemId> EncoderOrder(ServedVersion version, ReadHistory history, Catalogue catalogue, int count)
    {
        // Items that cannot be served are few; all rows are asked only where the margin was not enough.
        var ids = version.Snapshot.Items.Ids;
        var margin = Math.Min(ids.Count, 2 * count + 50);
        var best = Servable(margin);
        return best.Count >= count || margin == ids.Count ? best : Servable(ids.Count);

        List<ItemId> Servable(int rows) => [.. TopK.Of(history.LogEncoder, rows).Select(row => new ItemId(ids[row])).Where(item => Serves(catalogue, item)).Take(count)];
    }

    private static bool Serves(Catalogue catalogue, ItemId item) => catalogue.Find(item) is { Deleted: false };
}
