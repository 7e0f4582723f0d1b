using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// A weighted sum of several methods' scores, each standardised within its list of candidates. Weights are learned by conditional logit: the target's softmax
/// among the candidates, with an L2 penalty, by Newton's method (the loss is convex).
/// </summary>
/// <param name="Weights">One a method.</param>
public sealed record Fusion(IReadOnlyList<double> Weights)
{
    private const int Steps = 20;

    /// <summary>The penalty is this times the number of lists.</summary>
    private const double Ridge = 1e-3;

    /// <summary>Every method counts alike.</summary>
    public static Fusion Equal(int methods) => new([.. Enumerable.Repeat(1.0, methods)]);

    /// <param name="methods">Results on the same rows, none of which any of them was fit on.</param>
    /// <param name="cases">The rows.</param>
    public static Fusion Learn(IReadOnlyList<MethodResult> methods, IReadOnlyList<RankingCase> cases)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (lists, size) = (cases.Sum(row => row.Draws.Length), cases[0].Draws[0].Length);
        var x = tensor(Features(methods, cases), [lists, size, methods.Count], ScalarType.Float64);                      // [L, C, F]
        var right = tensor(cases.SelectMany(row => row.Draws.Select(draw => (long)Array.IndexOf(draw, row.Target))).ToArray());
        var target = x[tensor(Enumerable.Range(0, lists).Select(list => (long)list).ToArray()), right];                                                         // [L, F]
        var penalty = eye(methods.Count, dtype: ScalarType.Float64).Times(Ridge * lists);
        double Loss(Tensor weights) => x.matmul(weights).logsumexp(1).Minus(target.matmul(weights)).sum().Plus(weights.dot(penalty.matmul(weights)).Times(0.5)).item<double>();
        var w = zeros(methods.Count, ScalarType.Float64);
        for (var step = 0; step < Steps; step++)
            w = Descend(w, NewtonStep(x, target, penalty, w), Loss);
        return new([.. w.data<double>().ToArray()]);
    }

    private static Tensor NewtonStep(Tensor x, Tensor target, Tensor penalty, Tensor w)
    {
        var p = x.matmul(w).softmax(-1).unsqueeze(-1);                                                                  // [L, C, 1]
        var mean = (p * x).sum(dim: 1);                                                                                 // [L, F]
        var gradient = target.Minus(mean).sum(dim: 0).Minus(penalty.matmul(w));
        var curvature = (p * x).flatten(0, 1).t().matmul(x.flatten(0, 1)).Minus(mean.t().matmul(mean)).Plus(penalty);
        return linalg.solve(curvature, gradient);
    }

    /// <summary>Far from the optimum a whole Newton step overshoots: it is halved until the loss falls.</summary>
    private static Tensor Descend(Tensor w, Tensor step, Func<Tensor, double> loss)
    {
        var before = loss(w);
        for (var size = 1.0; size > 1e-6; size /= 2)
        {
            var next = w.Plus(step.Times(size));
            if (loss(next) < before)
                return next;
        }
        return w;
    }

    /// <summary>The fused result on rows that all of <paramref name="methods"/> have ranked.</summary>
    public MethodResult Of(string name, IReadOnlyList<MethodResult> methods, IReadOnlyList<RankingCase> cases)
    {
        var scores = cases.Select((row, at) => row.Draws.Select((_, d) => Sum(methods, at, d)).ToArray()).ToArray();
        return MethodResult.Of(name, methods.Any(method => method.LanguageModel), cases, scores, methods.Aggregate(TimeSpan.Zero, (sum, method) => sum + method.Time));
    }

    /// <returns>[C], mean 0 and deviation 1; zeros where all are equal.</returns>
    public static float[] Standardised(float[] scores)
    {
        var mean = scores.Average(score => (double)score);
        var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return Array.ConvertAll(scores, score => deviation > 1e-9 ? (float)((score - mean) / deviation) : 0);
    }

    private float[] Sum(IReadOnlyList<MethodResult> methods, int row, int draw)
    {
        var sum = new float[methods[0].Scores[row][draw].Length];
        for (var method = 0; method < methods.Count; method++)
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(Standardised(methods[method].Scores[row][draw]), (float)Weights[method], sum, sum);
        return sum;
    }

    // [L, C, F], row-major.
    private static double[] Features(IReadOnlyList<MethodResult> methods, IReadOnlyList<RankingCase> cases) =>
        [.. cases.SelectMany((row, at) => row.Draws.SelectMany((draw, d) =>
        {
            var columns = methods.Select(method => Standardised(method.Scores[at][d])).ToArray();
            return Enumerable.Range(0, draw.Length).SelectMany(place => columns.Select(column => (double)column[place]));
        }))];
}
