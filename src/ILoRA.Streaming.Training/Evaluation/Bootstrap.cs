namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// Percentile intervals by resampling rows with replacement: the draws of one row share its history and target, so they move together. All methods are
/// resampled by the same rows, so that a difference is paired.
/// </summary>
public sealed class Bootstrap
{
    private const double Tail = 0.025;
    private readonly int[][] resamples;

    /// <param name="rows">R</param>
    /// <param name="seed">Makes intervals repeatable.</param>
    /// <param name="resamples">How many.</param>
    public Bootstrap(int rows, int seed, int resamples = 2000)
    {
        var random = new Random(seed);
        this.resamples = [.. Enumerable.Range(0, resamples).Select(_ => Enumerable.Range(0, rows).Select(_ => random.Next(rows)).ToArray())];
    }

    /// <param name="values">[R]</param>
    /// <returns>The mean's 95 % interval.</returns>
    public Interval Mean(double[] values)
    {
        var means = resamples.Select(rows => rows.Average(row => values[row])).Order().ToArray();
        return new(At(means, Tail), At(means, 1 - Tail));
    }

    /// <param name="a">[R]</param>
    /// <param name="b">[R], of the same rows.</param>
    /// <returns>The 95 % interval of mean(a) - mean(b).</returns>
    public Interval Difference(double[] a, double[] b) => Mean([.. a.Zip(b, (x, y) => x - y)]);

    private static double At(double[] sorted, double quantile) => sorted[(int)Math.Round(quantile * (sorted.Length - 1))];
}

/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High);
