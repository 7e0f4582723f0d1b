using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>A ranked list and how it came about.</summary>
/// <param name="Items">Best first.</param>
/// <param name="Gate">[K]; empty where no version ranked.</param>
public sealed record RankedList(IReadOnlyList<ScoredItem> Items, IReadOnlyList<float> Gate)
{
    /// <summary>Ids scored, in order; null where the whole catalogue was.</summary>
    public IReadOnlyList<ItemId>? Candidates { get; init; }

    /// <summary>Null where the arm's version ranked.</summary>
    public Fallback? Fallback { get; init; }

    public TimeSpan Retrieve { get; init; }

    public TimeSpan Score { get; init; }
}

/// <summary>One item and its score; scores compare within one list only.</summary>
public readonly record struct ScoredItem(ItemId Item, float Score);
