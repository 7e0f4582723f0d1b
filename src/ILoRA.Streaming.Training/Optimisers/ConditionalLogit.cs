using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Optimisers;

/// <summary>
/// What the terms of a score weigh, so that a softmax over it gives the targets: conditional (multinomial) logit with an L2 penalty, by Newton's method. The loss is convex in
/// so few numbers, so the optimum is found in a handful of steps; the penalty holds weights that the samples say nothing of.
/// </summary>
/// <param name="batches">Terms [B, M, F] and the targets' places [B].</param>
/// <param name="ridge">The penalty is half of this times the squared distance from the start.</param>
/// <param name="enough">A step that lowers the loss (nats over all samples) by less ends the search.</param>
internal sealed class ConditionalLogit(IReadOnlyCollection<(Tensor Terms, Tensor Targets)> batches, double ridge, double enough)
{
    private const int MostSteps = 30;
    private const double LeastLength = 1e-6;

    /// <param name="start">[F], where the search begins and what the penalty pulls to.</param>
    /// <returns>[F]</returns>
    public double[] Solve(double[] start)
    {
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
            while (!(next.Loss <= loss) && length > LeastLength)
                next = At(weights.Minus(move.Times(length /= 2)), origin);
            if (!(next.Loss <= loss - enough))
                break;
            weights = weights.Minus(move.Times(length));
            (loss, gradient, curvature) = next;
        }
        return weights.data<double>().ToArray();
    }

    private (double Loss, Tensor Gradient, Tensor Curvature) At(Tensor weights, Tensor origin)
    {
        var away = weights.Minus(origin);
        var gradient = away.Times(ridge);
        var curvature = eye(weights.shape[0], dtype: float64).Times(ridge);
        var loss = ridge / 2 * away.dot(away).item<double>();
        foreach (var (terms, targets) in batches)
        {
            using var batch = NewDisposeScope();
            var scores = terms.matmul(weights.to(terms.dtype).to(terms.device)).log_softmax(1);                                            // [B, M]
            var weighted = terms * scores.exp().unsqueeze(2);                                                                              // [B, M, F]
            var mean = weighted.sum([1L]);                                                                                                 // [B, F]
            var own = terms.gather(1, targets.view(-1, 1, 1).expand(-1, 1, terms.shape[2])).squeeze(1);
            loss -= scores.gather(1, targets.unsqueeze(1)).sum().to(float64).item<double>();
            gradient = gradient.Plus(mean.Minus(own).sum([0L]).cpu().to(float64)).MoveToOuterDisposeScope();
            curvature = curvature.Plus(terms.transpose(1, 2).matmul(weighted).sum([0L]).Minus(mean.t().matmul(mean)).cpu().to(float64)).MoveToOuterDisposeScope();
        }
        return (loss, gradient, curvature);
    }
}
