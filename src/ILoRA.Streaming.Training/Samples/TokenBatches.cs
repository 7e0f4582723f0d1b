namespace ILoRA.Streaming.Training.Samples;

/// <summary>Groups prompts of similar length into mini-batches under a token budget.</summary>
internal static class TokenBatches
{
    /// <param name="entries">Entries with their lengths in tokens, in any order; the sort by length is stable.</param>
    /// <param name="budget">The maximum number of tokens of a batch, including padding; a longer entry is a batch of its own.</param>
    /// <returns>The batches, shortest entries first.</returns>
    public static IEnumerable<T[]> Of<T>(IEnumerable<(T Entry, int Tokens)> entries, int budget)
    {
        var batch = new List<T>();
        foreach (var (entry, tokens) in entries.OrderBy(entry => entry.Tokens))
        {
            if (batch.Count > 0 && (batch.Count + 1) * tokens > budget)
            {
                yield return [.. batch];
                batch.Clear();
            }
            batch.Add(entry);
        }
        if (batch.Count > 0)
            yield return [.. batch];
    }
}
