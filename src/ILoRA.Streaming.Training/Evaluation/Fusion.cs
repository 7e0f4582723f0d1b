using ILoRA.Streaming.Training.Optimisers;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// A late fusion of several methods: the weighted sum of their scores, each standardised within a list of candidates. The weights are equal
/// or fitted by <see cref="ConditionalLogit"/>.
/// </summary>
/// <param name="Weights">The weight of each method.</param>
public sealed record Fusion(IReadOnlyList<double> Weights)
{
    /// <summary>The L2 penalty per list of candidates.</summary>
    private const double Ridge = 1e-3;

    /// <summary>The fusion with equal weights.</summary>
    public static Fusion Equal(int methods) => new([.. Enumerable.Repeat(1.0, methods)]);

    /// <summary>Fits the weights.</summary>
    /// <param name="methods">Results of methods on the same rows, none of which was fitted on these rows.</param>
    /// <param name="cases">The rows.</param>
    public static Fusion Learn(IReadOnlyList<MethodResult> methods, IReadOnlyList<RankingCase> cases)
    {
        using var scope = NewDisposeScope();
        var (lists, size) = (cases.Sum(row => row.Draws.Length), cases[0].Draws[0].Length);
        var terms = tensor(Features(methods, cases), [lists, size, methods.Count], ScalarType.Float64);                  // [L, C, F]
        var targets = tensor(cases.SelectMany(row => row.Draws.Select(draw => (long)Array.IndexOf(draw, row.Target))).ToArray());
        return new(new ConditionalLogit([(terms, targets)], Ridge * lists, tolerance: 0).Solve(new double[methods.Count]));
    }

    /// <summary>The fusion's result on rows that all <paramref name="methods"/> have scored.</summary>
    public MethodResult Of(string name, IReadOnlyList<MethodResult> methods, IReadOnlyList<RankingCase> cases)
    {
        var scores = cases.Select((row, at) => row.Draws.Select((_, d) => Sum(methods, at, d)).ToArray()).ToArray();
        return MethodResult.Of(name, methods.Any(method => method.LanguageModel), cases, scores,
            methods.Aggregate(TimeSpan.Zero, (sum, method) => sum + method.Time));
    }

    /// <summary>Standardises scores to mean 0 and standard deviation 1.</summary>
    /// <returns>[C]; zeros where all scores are equal.</returns>
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
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(Standardised(methods[method].Scores[row][draw]), (float)Weights[method],
                sum, sum);
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
