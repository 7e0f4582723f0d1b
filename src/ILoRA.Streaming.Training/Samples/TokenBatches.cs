namespace ILoRA.Streaming.Training.Samples;

/// <summary>What goes through the language model together: as much as a budget of tokens lets through.</summary>
internal static class TokenBatches
{
    /// <param name="entries">Each with its length in tokens, in any order; equal lengths stay in theirs.</param>
    /// <param name="budget">The most tokens of a batch, padding counted; what is longer is a batch of its own.</param>
    /// <returns>Batches of like length, shortest first.</returns>
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
