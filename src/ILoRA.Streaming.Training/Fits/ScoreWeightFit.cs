using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Chooses what the score's terms weigh: multinomial logistic regression over the catalogue, by Newton's method, on samples whose terms were computed before they were
/// learned from. The loss is convex in so few numbers, so the optimum is found in a handful of steps; a ridge holds weights that the samples say nothing of.
/// </summary>
internal sealed class ScoreWeightFit : IDisposable
{
    private const int MostValues = 64_000_000;
    private const int MostSteps = 30;
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
    public double[] Run(double[] start)
    {
        if (batches.Count == 0)
            return start;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var origin = tensor(start);
        var weights = origin;
        var (loss, gradient, curvature) = At(weights, origin);
        for (var step = 0; step < MostSteps; step++)
        {
            var move = linalg.solve(curvature, gradient);
            var (length, next) = (1.0, At(weights.Minus(move), origin));
            // A full step can overshoot where the softmax is flat: half of it then, until the loss falls. (A loss that is not a number falls never.)
            while (!(next.Loss <= loss) && length > 1e-3)
                next = At(weights.Minus(move.Times(length /= 2)), origin);
            if (!(next.Loss <= loss - Enough))
                break;
            weights = weights.Minus(move.Times(length));
            (loss, gradient, curvature) = next;
        }
        return weights.data<double>().ToArray();
    }

    private (double Loss, Tensor Gradient, Tensor Curvature) At(Tensor weights, Tensor origin)
    {
        var away = weights.Minus(origin);
        var gradient = away.Times(Ridge);
        var curvature = eye(weights.shape[0], dtype: float64).Times(Ridge);
        var loss = Ridge / 2 * away.dot(away).item<double>();
        foreach (var (terms, targets) in batches)
        {
            using var batch = NewDisposeScope();
            var scores = terms.matmul(weights.to(terms.dtype).to(terms.device)).log_softmax(1);                                            // [B, M]
            var weighted = terms * scores.exp().unsqueeze(2);                                                                              // [B, M, F]
            var mean = weighted.sum([1L]);                                                                                                 // [B, F]
            var own = terms.gather(1, targets.view(-1, 1, 1).expand(-1, 1, terms.shape[2])).squeeze(1);
            loss -= scores.gather(1, targets.unsqueeze(1)).sum().item<float>();
            gradient = gradient.Plus(mean.Minus(own).sum([0L]).cpu().to(float64)).MoveToOuterDisposeScope();
            curvature = curvature.Plus(terms.transpose(1, 2).matmul(weighted).sum([0L]).Minus(mean.t().matmul(mean)).cpu().to(float64)).MoveToOuterDisposeScope();
        }
        return (loss, gradient, curvature);
    }

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
