using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Asks samples in batches, epoch after epoch in another order and among other candidates.</summary>
/// <param name="samples">Histories and targets.</param>
/// <param name="items">What uniform candidates are drawn from, outside of the history.</param>
/// <param name="options">Candidates of a question, questions of a batch, seed.</param>
internal sealed class CandidateBatches(IReadOnlyList<Sample> samples, IReadOnlyList<string> items, TitleFitOptions options)
{
    /// <summary>Batches of an epoch.</summary>
    public int Count => (samples.Count + options.Batch - 1) / options.Batch;

    /// <summary>Epoch after epoch without end, from a step on.</summary>
    public IEnumerable<CandidateSample[]> From(long step)
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
                yield return [.. batch.Select(at => CandidateSample.Draw(samples[at], items, options.Candidates, random))];
            }
        }
    }

    // Chance depends on the place in the fit alone, so that a resumed one draws the same.
    private SavedRandom Random(long epoch, int number) => new(unchecked((ulong)options.Seed * 0x9E3779B97F4A7C15 + ((ulong)epoch << 32) + (ulong)number));
}
