using ILoRA.Streaming.Events;

namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>A ranked list of items, with how it was computed.</summary>
/// <param name="Items">The items, best first.</param>
/// <param name="Gate">The experts' weights [K]; empty for a fallback.</param>
public sealed record RankedList(IReadOnlyList<ScoredItem> Items, IReadOnlyList<float> Gate)
{
    /// <summary>The candidates that were scored, in order; null where the whole catalogue was scored.</summary>
    public IReadOnlyList<ItemId>? Candidates { get; init; }

    /// <summary>The kind of fallback; null where the arm's version ranked.</summary>
    public Fallback? Fallback { get; init; }

    /// <summary>The time for selecting candidates.</summary>
    public TimeSpan Retrieve { get; init; }

    /// <summary>The time for scoring and sorting.</summary>
    public TimeSpan Score { get; init; }
}

/// <summary>An item and its score; scores are comparable within one list only.</summary>
public readonly record struct ScoredItem(ItemId Item, float Score);
