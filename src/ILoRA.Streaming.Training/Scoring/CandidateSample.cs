using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>A sample with the candidates that its prompt names.</summary>
/// <param name="Sample">History and target.</param>
/// <param name="Candidates">Items, the target among them.</param>
/// <param name="Target">The target's place.</param>
internal sealed record CandidateSample(Sample Sample, IReadOnlyList<string> Candidates, int Target)
{
    /// <summary>Puts the target anywhere among uniform candidates from outside of the history.</summary>
    /// <param name="sample">History and target.</param>
    /// <param name="items">What candidates are drawn from.</param>
    /// <param name="count">Candidates with the target; fewer where there are not as many items.</param>
    /// <param name="random">Draws.</param>
    public static CandidateSample Draw(Sample sample, IReadOnlyList<string> items, int count, Random random)
    {
        var candidates = DistinctDraw.Of(count - 1, sample.History.Append(sample.Target).ToHashSet(StringComparer.Ordinal), () => items[random.Next(items.Count)]);
        var target = random.Next(candidates.Count + 1);
        candidates.Insert(target, sample.Target);
        return new(sample, candidates, target);
    }
}
