using ILoRA.Streaming.Events;
using ILoRA.Streaming.Local.View;

namespace ILoRA.Streaming.Local.Watching;

/// <summary>Keeps a few recent recommendations, with titles, to show as examples.</summary>
internal sealed class Examples
{
    private const int Kept = 3, HistoryShown = 3, TopShown = 3;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);
    private readonly Dictionary<UserId, SequenceEvent> sequences = [];
    private readonly Queue<Example> newest = new();
    private DateTimeOffset last;

    public IReadOnlyList<Example> Newest => [.. newest];

    /// <summary>What an item is called.</summary>
    public Func<ItemId, string> TitleOf { get; set; } = item => item.Value;

    public void Sequence(SequenceEvent sequence) => sequences[sequence.User] = sequence;

    public void Recommendation(RecommendationEvent made, DateTimeOffset at)
    {
        if (at - last < Every || made.Fallback is not null)
            return;
        if (!sequences.TryGetValue(made.User, out var sequence) || sequence.Items.Count < HistoryShown)
            return;
        last = at;
        newest.Enqueue(new Example(made.User.Value,
            [.. sequence.Items.TakeLast(HistoryShown).Select(TitleOf)], [.. made.Items.Take(TopShown).Select(item => TitleOf(item.Item))]));
        if (newest.Count > Kept)
            newest.Dequeue();
    }
}
