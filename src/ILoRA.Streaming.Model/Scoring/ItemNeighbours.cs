namespace ILoRA.Streaming.Model.Scoring;

/// <summary>
/// Which items were clicked close to which, by encoder row: an item-kNN as a term of the score, kept up by the trainer click by click. With w_ij how often
/// i and j stood within five clicks of each other in one history (each step apart counts 0.7 of the one before) and n how often an item was seen,
/// <code>
/// together_i = log(1 + 30 sum_j 0.6^j w_ij / sqrt((n_i + 5) (n_j + 5)))          j = 0 .. 4, the newest of the history first
/// </code>
/// The inner part is a cosine with shrinkage 5; the logarithm makes it additive to log-probabilities. An item that was never anyone's next click (n = 0) has none, as it has no encoder term.
/// </summary>
/// <param name="Starts">[N + 1]: the neighbours of row r stand at Starts[r] .. Starts[r + 1].</param>
/// <param name="Rows">Neighbour rows, ascending for each item.</param>
/// <param name="Weights">w</param>
public sealed record ItemNeighbours(int[] Starts, int[] Rows, float[] Weights)
{
    /// <summary>How many items of a history count, in learning and in scoring.</summary>
    public const int Window = 5;

    /// <summary>What a pair weighs for each step that it is further apart.</summary>
    public const float PairDecay = 0.7f;

    private const float HistoryDecay = 0.6f;
    private const float Shrinkage = 5;
    private const float Sharpness = 30;

    /// <summary>N</summary>
    public int Count => Starts.Length - 1;

    /// <summary>No neighbours of N items.</summary>
    public static ItemNeighbours None(int items) => new(new int[items + 1], [], []);

    /// <returns>Row and weight of an item's neighbours.</returns>
    public IEnumerable<KeyValuePair<int, float>> Of(int row)
    {
        for (var at = Starts[row]; at < Starts[row + 1]; at++)
            yield return KeyValuePair.Create(Rows[at], Weights[at]);
    }

    /// <param name="history">Encoder rows, oldest first.</param>
    /// <param name="seen">n [N]</param>
    /// <returns>together [N]</returns>
    public float[] Together(ReadOnlySpan<int> history, ReadOnlySpan<float> seen) => Together(history, seen, Of);

    /// <inheritdoc cref="Together(ReadOnlySpan{int}, ReadOnlySpan{float})"/>
    /// <param name="history">Encoder rows, oldest first.</param>
    /// <param name="seen">n [N]</param>
    /// <param name="neighbours">Row and w of an item's neighbours.</param>
    public static float[] Together(ReadOnlySpan<int> history, ReadOnlySpan<float> seen, Func<int, IEnumerable<KeyValuePair<int, float>>> neighbours)
    {
        var together = new float[seen.Length];
        var weight = Sharpness;
        for (var at = history.Length - 1; at >= 0 && at >= history.Length - Window; at--, weight *= HistoryDecay)
        {
            var own = seen[history[at]] + Shrinkage;
            foreach (var (row, pair) in neighbours(history[at]))
                together[row] += weight * pair / MathF.Sqrt(own * (seen[row] + Shrinkage));
        }
        for (var row = 0; row < together.Length; row++)
            together[row] = together[row] > 0 && seen[row] > 0 ? MathF.Log(1 + together[row]) : 0;
        return together;
    }
}
