using ILoRA.Streaming.Training.Optimisers;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// A weighted sum of several methods' scores, each standardised within its list of candidates. Weights are learned by <see cref="ConditionalLogit"/>
/// of the target among the candidates.
/// </summary>
/// <param name="Weights">One a method.</param>
public sealed record Fusion(IReadOnlyList<double> Weights)
{
    /// <summary>The penalty is this times the number of lists.</summary>
    private const double Ridge = 1e-3;

    /// <summary>Every method counts alike.</summary>
    public static Fusion Equal(int methods) => new([.. Enumerable.Repeat(1.0, methods)]);

    /// <param name="methods">Results on the same rows, none of which any of them was fit on.</param>
    /// <param name="cases">The rows.</param>
    public static Fusion Learn(IReadOnlyList<MethodResult> methods, IReadOnlyList<RankingCase> cases)
    {
        using var scope = NewDisposeScope();
        var (lists, size) = (cases.Sum(row => row.Draws.Length), cases[0].Draws[0].Length);
        var terms = tensor(Features(methods, cases), [lists, size, methods.Count], ScalarType.Float64);                  // [L, C, F]
        var targets = tensor(cases.SelectMany(row => row.Draws.Select(draw => (long)Array.IndexOf(draw, row.Target))).ToArray());
        return new(new ConditionalLogit([(terms, targets)], Ridge * lists, tolerance: 0).Solve(new double[methods.Count]));
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
