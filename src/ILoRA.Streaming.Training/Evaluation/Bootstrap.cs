namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// Bootstrap percentile intervals. Rows are resampled with replacement, not single draws, because the draws of a row share its history and
/// target. All methods use the same resamples, so that differences are paired.
/// </summary>
public sealed class Bootstrap
{
    private const double Tail = 0.025;
    private readonly int[][] resamples;

    /// <param name="rows">R, the number of rows.</param>
    /// <param name="seed">The seed of the resamples.</param>
    /// <param name="resamples">The number of resamples.</param>
    public Bootstrap(int rows, int seed, int resamples = 2000)
    {
        var random = new Random(seed);
        this.resamples = [.. Enumerable.Range(0, resamples)
            .Select(_ => Enumerable.Range(0, rows).Select(_ => random.Next(rows)).ToArray())];
    }

    /// <summary>The 95 % interval of a mean.</summary>
    /// <param name="values">[R], one value per row.</param>
    public Interval Mean(double[] values)
    {
        var means = resamples.Select(rows => rows.Average(row => values[row])).Order().ToArray();
        return new(At(means, Tail), At(means, 1 - Tail));
    }

    /// <summary>The paired 95 % interval of mean(a) - mean(b).</summary>
    /// <param name="a">[R], one value per row.</param>
    /// <param name="b">[R], values of the same rows.</param>
    public Interval Difference(double[] a, double[] b) => Mean([.. a.Zip(b, (x, y) => x - y)]);

    private static double At(double[] sorted, double quantile) => sorted[(int)Math.Round(quantile * (sorted.Length - 1))];
}

/// <summary>A confidence interval.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
public readonly record struct Interval(double Low, double High);
