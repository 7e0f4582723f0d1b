using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Cuts sequences into prompts of up to ten items and those into batches of like length, so that little is spent on padding.</summary>
/// <param name="sequences">Each user's items, oldest first.</param>
/// <param name="tokens">How long a prompt with these items is.</param>
/// <param name="tokenBudget">The most tokens of a batch, padding counted; a longer prompt is a batch of its own.</param>
internal sealed class PromptWindows(IReadOnlyList<IReadOnlyList<string>> sequences, Func<Sample, int> tokens, int tokenBudget)
{
    private const int Window = 10;

    /// <summary>Epoch after epoch without end, from a step on.</summary>
    public IEnumerable<Sample[]> From(long step, int seed)
    {
        for (var epoch = 0; ; epoch++)
        {
            var batches = Epoch(epoch, seed);
            if (batches.Count == 0)
                yield break;
            foreach (var batch in batches.Skip((int)Math.Min(step, batches.Count)))
                yield return batch;
            step = Math.Max(0, step - batches.Count);
        }
    }

    /// <summary>Batches of a first epoch until they hold so many prompts.</summary>
    public IReadOnlyList<Sample[]> Some(int prompts, int seed)
    {
        var some = new List<Sample[]>();
        foreach (var batch in Epoch(0, seed))
        {
            if (prompts <= 0)
                break;
            some.Add(batch);
            prompts -= batch.Length;
        }
        return some;
    }

    /// <summary>An epoch's batches in the order of training; the same number and seed give the same.</summary>
    public IReadOnlyList<Sample[]> Epoch(int epoch, int seed)
    {
        var random = new SavedRandom(unchecked(((ulong)seed << 32) + (ulong)epoch));
        // Each epoch cuts elsewhere, so that a target is seen after histories of other lengths; the first begins at the beginning.
        var windows = sequences.SelectMany(sequence => Cut(sequence, epoch == 0 ? Window : 1 + random.Next(Window))).ToArray();
        random.Shuffle(windows);
        Sample[][] batches = [.. TokenBatches.Of(windows.Select(window => (window, tokens(window))), tokenBudget)];
        random.Shuffle(batches);
        return batches;
    }

    /// <summary>A sequence's prompts, each with the item after it as target; the first prompt's length may be less than the others'.</summary>
    private static IEnumerable<Sample> Cut(IReadOnlyList<string> sequence, int first)
    {
        for (var (start, end) = (0, first); start < sequence.Count - 1; (start, end) = (end, end + Window))
        {
            end = Math.Min(end, sequence.Count - 1);
            yield return new Sample([.. sequence.Skip(start).Take(end - start)], sequence[end]);
        }
    }
}
