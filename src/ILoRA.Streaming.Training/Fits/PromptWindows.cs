using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Cuts user sequences into samples of up to ten history items, and groups samples with prompts of similar length into mini-batches, so
/// that there is little padding.
/// </summary>
/// <param name="sequences">Each user's items, oldest first.</param>
/// <param name="tokens">Computes the length of a sample's prompt in tokens.</param>
/// <param name="tokenBudget">
/// The maximum number of tokens of a mini-batch, including padding; a longer prompt is a mini-batch of its own.
/// </param>
internal sealed class PromptWindows(IReadOnlyList<IReadOnlyList<string>> sequences, Func<Sample, int> tokens, int tokenBudget)
{
    private const int Window = 10;

    /// <summary>The mini-batches of an endless series of epochs, from a step on.</summary>
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

    /// <summary>The first mini-batches of the first epoch, as many as needed for a number of prompts.</summary>
    public IReadOnlyList<Sample[]> First(int prompts, int seed)
    {
        var first = new List<Sample[]>();
        foreach (var batch in Epoch(0, seed))
        {
            if (prompts <= 0)
                break;
            first.Add(batch);
            prompts -= batch.Length;
        }
        return first;
    }

    /// <summary>The mini-batches of an epoch in the order of training; they depend only on the epoch's number and the seed.</summary>
    public IReadOnlyList<Sample[]> Epoch(int epoch, int seed)
    {
        var random = new SavedRandom(unchecked(((ulong)seed << 32) + (ulong)epoch));
        // Each epoch after the first cuts at another offset, so that a target is predicted from histories of different lengths.
        var windows = sequences.SelectMany(sequence => Cut(sequence, epoch == 0 ? Window : 1 + random.Next(Window))).ToArray();
        random.Shuffle(windows);
        Sample[][] batches = [.. TokenBatches.Of(windows.Select(window => (window, tokens(window))), tokenBudget)];
        random.Shuffle(batches);
        return batches;
    }

    /// <summary>Cuts a sequence into samples; the first history has <paramref name="first"/> items, the others have ten.</summary>
    private static IEnumerable<Sample> Cut(IReadOnlyList<string> sequence, int first)
    {
        for (var (start, end) = (0, first); start < sequence.Count - 1; (start, end) = (end, end + Window))
        {
            end = Math.Min(end, sequence.Count - 1);
            yield return new Sample([.. sequence.Skip(start).Take(end - start)], sequence[end]);
        }
    }
}
