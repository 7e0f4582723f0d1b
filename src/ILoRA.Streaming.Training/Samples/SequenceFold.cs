namespace ILoRA.Streaming.Training.Samples;

/// <summary>
/// Folds clicks into samples as ingest folds them into sequences, for fits and trials that read clicks from a file. The clicks must come in the order of
/// time: then none is late, and no sample's history holds what was clicked after its target.
/// </summary>
public sealed class SequenceFold(int capacity = 50)
{
    private readonly Dictionary<string, List<string>> users = new(StringComparer.Ordinal);

    /// <returns>The sample of this click; null for a user's first.</returns>
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
