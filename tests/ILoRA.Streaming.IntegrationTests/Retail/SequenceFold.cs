namespace ILoRA.Streaming.IntegrationTests.Retail;

/// <summary>What the histories must be: clicks appended one by one, in memory, the last <paramref name="capacity"/> kept.</summary>
public sealed class SequenceFold(int capacity)
{
    readonly Dictionary<string, List<string>> histories = [];

    public IEnumerable<string> Users => histories.Keys;

    public IReadOnlyList<string> Of(string user) => histories[user];

    /// <summary>Appends the click and returns the user's history as of it.</summary>
    public IReadOnlyList<string> Append(string user, string item)
    {
        if (!histories.TryGetValue(user, out var history))
            histories[user] = history = [];
        history.Add(item);
        if (history.Count > capacity)
            history.RemoveAt(0);
        return [.. history];
    }
}
