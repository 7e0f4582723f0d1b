namespace ILoRA.Streaming.Training.Samples;

/// <summary>
/// Turns clicks from a file into samples for fits and trials, by the same rule by which ingest turns clicks into sequences. The clicks must
/// be in the order of time; then no sample's history contains an item that was clicked after its target.
/// </summary>
public sealed class SequenceFold(int capacity = 50)
{
    private readonly Dictionary<string, List<string>> users = new(StringComparer.Ordinal);

    /// <summary>Adds a click to its user's history.</summary>
    /// <returns>The sample of this click; null for a user's first click.</returns>
    public Sample? Click(string user, string item)
    {
        if (!users.TryGetValue(user, out var items))
            users[user] = items = [];
        var sample = items.Count == 0 ? null : new Sample([.. items], item);
        items.Add(item);
        if (items.Count > capacity - 1)
            items.RemoveAt(0);
        return sample;
    }
}
