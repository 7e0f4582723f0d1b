namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// Co-occurrence counts of items by encoder row, as a sparse matrix in CSR form: the item-kNN term of the score, which the trainer updates
/// with every click. w_ij counts how often i and j occur within five clicks of each other in one history, discounted by 0.7 for each
/// further step between them; n_i is the number of training clicks of item i. The term is
/// <code>
/// co_i = log(1 + 30 sum_j 0.6^j w_ij / sqrt((n_i + 5) (n_j + 5)))          j = 0 .. 4, the newest of the history first
/// </code>
/// The sum is a cosine with shrinkage 5; the logarithm makes it comparable with log-probabilities. Items with n_i = 0 have co_i = 0.
/// </summary>
/// <param name="Starts">[N + 1]: the neighbours of row r are at Starts[r] .. Starts[r + 1] - 1.</param>
/// <param name="Rows">The rows of the neighbours, ascending for each item.</param>
/// <param name="Weights">w, of the length of <paramref name="Rows"/>.</param>
public sealed record ItemNeighbours(int[] Starts, int[] Rows, float[] Weights)
{
    /// <summary>The number of most recent items of a history that are used, in training and in scoring.</summary>
    public const int Window = 5;

    /// <summary>The factor by which the count of a pair decreases for each further step between its items.</summary>
    public const float PairDecay = 0.7f;

    private const float HistoryDecay = 0.6f;
    private const float Shrinkage = 5;
    private const float Sharpness = 30;

    /// <summary>N, the number of items.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>An empty matrix for N items.</summary>
    public static ItemNeighbours None(int items) => new(new int[items + 1], [], []);

    /// <summary>The neighbours of an item.</summary>
    /// <returns>The row and the weight w of each neighbour.</returns>
    public IEnumerable<KeyValuePair<int, float>> Of(int row)
    {
        for (var at = Starts[row]; at < Starts[row + 1]; at++)
            yield return KeyValuePair.Create(Rows[at], Weights[at]);
    }

    /// <summary>Computes the co-occurrence term of all items for one history.</summary>
    /// <param name="history">The encoder rows of the history, oldest first.</param>
    /// <param name="seen">n [N], the number of training clicks by row.</param>
    /// <returns>co [N]</returns>
    public float[] CoOccurrence(ReadOnlySpan<int> history, ReadOnlySpan<float> seen) => CoOccurrence(history, seen, Of);

    /// <inheritdoc cref="CoOccurrence(ReadOnlySpan{int}, ReadOnlySpan{float})"/>
    /// <param name="history">The encoder rows of the history, oldest first.</param>
    /// <param name="seen">n [N], the number of training clicks by row.</param>
    /// <param name="neighbours">The row and the weight w of each neighbour of an item.</param>
    public static float[] CoOccurrence(
        ReadOnlySpan<int> history, ReadOnlySpan<float> seen, Func<int, IEnumerable<KeyValuePair<int, float>>> neighbours)
    {
        var coOccurrence = new float[seen.Length];
        var weight = Sharpness;
        for (var at = history.Length - 1; at >= 0 && at >= history.Length - Window; at--, weight *= HistoryDecay)
        {
            var own = seen[history[at]] + Shrinkage;
            foreach (var (row, pair) in neighbours(history[at]))
                coOccurrence[row] += weight * pair / MathF.Sqrt(own * (seen[row] + Shrinkage));
        }
        for (var row = 0; row < coOccurrence.Length; row++)
            coOccurrence[row] = coOccurrence[row] > 0 && seen[row] > 0 ? MathF.Log(1 + coOccurrence[row]) : 0;
        return coOccurrence;
    }
}
