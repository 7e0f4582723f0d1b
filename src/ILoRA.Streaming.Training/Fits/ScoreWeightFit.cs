using ILoRA.Streaming.Training.Optimisers;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Fits the weights of the score's terms by <see cref="ConditionalLogit"/> over the catalogue, on the last samples, whose terms were
/// computed before the model was trained on them.
/// </summary>
internal sealed class ScoreWeightFit : IDisposable
{
    private const int MaxValues = 64_000_000;
    private const double Ridge = 1;
    private const double Tolerance = 1e-4;

    private readonly Queue<(Tensor Terms, Tensor Targets)> batches = [];

    /// <summary>Adds samples, and drops the oldest ones where there are too many. This object disposes of the tensors.</summary>
    /// <param name="terms">[B, M, F], the values of the terms.</param>
    /// <param name="targets">[B], the targets' indices in the catalogue.</param>
    public void Add(Tensor terms, Tensor targets)
    {
        batches.Enqueue((terms, targets));
        while (batches.Count > 1 && batches.Sum(batch => batch.Terms.numel()) > MaxValues)
            Drop(batches.Dequeue());
    }

    /// <summary>Fits the weights.</summary>
    /// <param name="start">[F], the initial weights, which are also the centre of the L2 penalty.</param>
    /// <returns>[F], the fitted weights; the initial ones where there are no samples.</returns>
    public double[] Run(double[] start) => batches.Count == 0 ? start : new ConditionalLogit(batches, Ridge, Tolerance).Solve(start);

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
