using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Mini-batches of samples with candidates; every epoch has a new order and newly drawn candidates.</summary>
/// <param name="samples">The samples.</param>
/// <param name="items">The items that candidates are drawn from.</param>
/// <param name="options">Gives the number of candidates, the size of a mini-batch and the seed.</param>
internal sealed class CandidateBatches(IReadOnlyList<Sample> samples, IReadOnlyList<string> items, TitleFitOptions options)
{
    /// <summary>The number of mini-batches of an epoch.</summary>
    public int Count => (samples.Count + options.Batch - 1) / options.Batch;

    /// <summary>The mini-batches of an endless series of epochs, from a step on.</summary>
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

    // The generator depends only on the position in the fit, so that a resumed fit draws the same candidates.
    private SavedRandom Random(long epoch, int number) =>
        new(unchecked((ulong)options.Seed * 0x9E3779B97F4A7C15 + ((ulong)epoch << 32) + (ulong)number));
}
