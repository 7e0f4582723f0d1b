using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>A sample with the candidates that its prompt names.</summary>
/// <param name="Sample">History and target.</param>
/// <param name="Candidates">Items, the target among them.</param>
/// <param name="Target">The target's place.</param>
internal sealed record TitleQuestion(Sample Sample, IReadOnlyList<string> Candidates, int Target);

/// <summary>Asks samples in batches, epoch after epoch in another order and among other candidates.</summary>
/// <param name="samples">Histories and targets.</param>
/// <param name="items">What uniform candidates are drawn from, outside of the history.</param>
/// <param name="options">Candidates of a question, questions of a batch, seed.</param>
internal sealed class TitleQuestions(IReadOnlyList<Sample> samples, IReadOnlyList<string> items, TitleFitOptions options)
{
    /// <summary>Batches of an epoch.</summary>
    public int Count => (samples.Count + options.Batch - 1) / options.Batch;

    /// <summary>Epoch after epoch without end, from a step on.</summary>
    public IEnumerable<TitleQuestion[]> From(long step)
    {
        if (samples.Count == 0)
            yield break;
        for (var epoch = step / Count; ; epoch++)
        {
            var order = Enumerable.Range(0, samples.Count).ToArray();
            Random(epoch, 0).Shuffle(order);
            foreach (var (number, batch) in order.Chunk(options.Batch).Index().Skip((int)(Math.Max(step, epoch * Count) - epoch * Count)))
            {
                var random = Random(epoch, number + 1);
                yield return [.. batch.Select(at => Ask(samples[at], random))];
            }
        }
    }

    // Chance depends on the place in the fit alone, so that a resumed one draws the same.
    private SavedRandom Random(long epoch, int number) => new(unchecked((ulong)options.Seed * 0x9E3779B97F4A7C15 + ((ulong)epoch << 32) + (ulong)number));

    private TitleQuestion Ask(Sample sample, Random random)
    {
        var candidates = DistinctDraw.Of(options.Candidates - 1, sample.History.Append(sample.Target).ToHashSet(StringComparer.Ordinal), () => items[random.Next(items.Count)]);
        var target = random.Next(candidates.Count + 1);
        candidates.Insert(target, sample.Target);
        return new(sample, candidates, target);
    }
}
