using ILoRA.Streaming.Training.Optimisers;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Chooses what the score's terms weigh (<see cref="ConditionalLogit"/> over the catalogue) on the last samples whose terms were computed before they were learned from.
/// </summary>
internal sealed class ScoreWeightFit : IDisposable
{
    private const int MostValues = 64_000_000;
    private const double Ridge = 1;
    private const double Enough = 1e-4;

    private readonly Queue<(Tensor Terms, Tensor Targets)> batches = [];

    /// <param name="terms">[B, M, F], kept and disposed of by this.</param>
    /// <param name="targets">[B], places in the catalogue; kept too.</param>
    public void Add(Tensor terms, Tensor targets)
    {
        batches.Enqueue((terms, targets));
        while (batches.Count > 1 && batches.Sum(batch => batch.Terms.numel()) > MostValues)
            Drop(batches.Dequeue());
    }

    /// <param name="start">[F], where the search begins and what the ridge pulls to.</param>
    /// <returns>[F]</returns>
    public double[] Run(double[] start) => batches.Count == 0 ? start : new ConditionalLogit(batches, Ridge, Enough).Solve(start);

    private static void Drop((Tensor Terms, Tensor Targets) batch)
    {
        batch.Terms.Dispose();
        batch.Targets.Dispose();
    }

    public void Dispose()
    {
        foreach (var batch in batches)
            Drop(batch);
    }
}
