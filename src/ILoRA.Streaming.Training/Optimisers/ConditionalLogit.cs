using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Optimisers;

/// <summary>
/// Fits a conditional (multinomial) logit model by Newton's method with an L2 penalty: the weights of a score's terms that minimise the
/// cross-entropy of the softmax over the scores. The problem is convex with few variables, so a handful of steps suffices; the penalty
/// determines weights on which the loss does not depend.
/// </summary>
/// <param name="batches">Terms [B, M, F] and the indices of the targets [B].</param>
/// <param name="ridge">The penalty is ridge / 2 times the squared distance from the start.</param>
/// <param name="tolerance">The search ends when a step lowers the loss (nats, summed over the samples) by less than this.</param>
internal sealed class ConditionalLogit(IReadOnlyCollection<(Tensor Terms, Tensor Targets)> batches, double ridge, double tolerance)
{
    private const int MaxSteps = 30;
    private const double MinLength = 1e-6;

    /// <param name="start">[F], the initial weights, which are also the centre of the penalty.</param>
    /// <returns>[F], the fitted weights.</returns>
    public double[] Solve(double[] start)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var origin = tensor(start);
        var weights = origin;
        var (loss, gradient, curvature) = At(weights, origin);
        for (var step = 0; step < MaxSteps; step++)
        {
            var move = linalg.solve(curvature, gradient);
            var (length, next) = (1.0, At(weights.Minus(move), origin));
            // A full Newton step can overshoot where the softmax is flat, so it is halved until the loss falls. Negated comparisons treat
            // NaN as a loss that has not fallen.
            while (!(next.Loss <= loss) && length > MinLength)
                next = At(weights.Minus(move.Times(length /= 2)), origin);
            if (!(next.Loss <= loss - tolerance))
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
            // [B, M].
            var scores = terms.matmul(weights.to(terms.dtype).to(terms.device)).log_softmax(1);
            // [B, M, F].
            var weighted = terms * scores.exp().unsqueeze(2);
            // [B, F].
            var mean = weighted.sum([1L]);
            var own = terms.gather(1, targets.view(-1, 1, 1).expand(-1, 1, terms.shape[2])).squeeze(1);
            loss -= scores.gather(1, targets.unsqueeze(1)).sum().to(float64).item<double>();
            gradient = gradient.Plus(mean.Minus(own).sum([0L]).cpu().to(float64)).MoveToOuterDisposeScope();
            curvature =
                curvature.Plus(terms.transpose(1, 2).matmul(weighted).sum([0L]).Minus(mean.t().matmul(mean)).cpu().to(float64))
                    .MoveToOuterDisposeScope();
        }
        return (loss, gradient, curvature);
    }
}
