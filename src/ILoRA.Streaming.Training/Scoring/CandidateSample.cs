using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>A training sample with a list of candidates, which the title scorer's prompt names.</summary>
/// <param name="Sample">History and target.</param>
/// <param name="Candidates">The ids of the candidates, including the target.</param>
/// <param name="Target">The index of the target in <paramref name="Candidates"/>.</param>
internal sealed record CandidateSample(Sample Sample, IReadOnlyList<string> Candidates, int Target)
{
    /// <summary>Draws uniform negative candidates that are not in the history, and inserts the target at a random position.</summary>
    /// <param name="sample">History and target.</param>
    /// <param name="items">The items to draw from.</param>
    /// <param name="count">The number of candidates including the target; the result has fewer where there are too few items.</param>
    /// <param name="random">The generator.</param>
    public static CandidateSample Draw(Sample sample, IReadOnlyList<string> items, int count, Random random)
    {
        var taken = sample.History.Append(sample.Target).ToHashSet(StringComparer.Ordinal);
        var candidates = DistinctDraw.Of(count - 1, taken, () => items[random.Next(items.Count)]);
        var target = random.Next(candidates.Count + 1);
        candidates.Insert(target, sample.Target);
        return new(sample, candidates, target);
    }
}
