using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Encoders;

/// <summary>
/// Initial item embeddings for an encoder's fit, from a truncated SVD of the user-item matrix: the leading right singular vectors of
/// <code>
/// X_ui = |u|^-1/2 (n_i + 5)^-1/4            if user u clicked item i, else 0
/// </code>
/// each times the square root of its singular value; |u| is the number of items of user u and n_i the number of users of item i. The dot
/// product of two rows then approximates the items' weighted co-occurrence; users with few items and rare items weigh more. Computed by
/// randomised subspace iteration (Halko, Martinsson and Tropp, arXiv 0909.4061, algorithm 4.4), whose matrices have at most items x (width
/// + 16) entries.
/// </summary>
public static class CooccurrenceRows
{
    /// <summary>The standard deviation of all entries. Of 0.1, 0.3 and 1 this gave the best SASRec.</summary>
    private const float Deviation = 0.3f;

    private const double Shrinkage = 5;
    private const double UserPower = -0.5;
    private const double ItemPower = -0.25;
    private const int Oversampling = 16;
    private const int Iterations = 6;

    /// <param name="sequences">Each user's items, as rows of the table.</param>
    /// <param name="start">[N, d], values for items without clicks and for columns beyond the matrix's rank.</param>
    /// <param name="width">d</param>
    /// <param name="random">Draws the initial subspace.</param>
    /// <returns>[N, d], row-major.</returns>
    public static float[] Over(IReadOnlyList<int[]> sequences, float[] start, int width, Random random)
    {
        var items = start.Length / width;
        int[][] users = [.. sequences.Select(sequence => sequence.Distinct().ToArray())];
        var counts = new Interactions(users, items).Counts();
        var weights = Array.ConvertAll(counts, count => Math.Pow(count + Shrinkage, ItemPower));
        var rank = Math.Min(width + Oversampling, Math.Min(users.Length, counts.Count(count => count > 0)));
        if (rank == 0)
            return start;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var basis = tensor(RandomValues.Normal(random, items * rank, 1), [items, rank]);
        for (var iteration = 0; iteration < Iterations; iteration++)
            basis = linalg.qr(Gram(users, weights, basis)).Q;
        var (values, vectors) = linalg.eigh(basis.t().matmul(Gram(users, weights, basis)));                  // ascending
        var used = Math.Min(rank, width);
        // The square root of a singular value.
        var scale = tensor([.. values.Values()[^used..].Select(value => MathF.Pow(Math.Max(value, 0), 0.25f))]);
        var leading = (basis.matmul(vectors.narrow(1, rank - used, used)) * scale).flip(1);                  // [N, used]
        var rows = leading.Times(Deviation / Math.Max(leading.std().item<float>(), 1e-12)).Values();
        var merged = start.ToArray();
        for (var item = 0; item < items; item++)
            if (counts[item] > 0)
                rows.AsSpan(item * used, used).CopyTo(merged.AsSpan(item * width, used));
        return merged;
    }

    /// <returns>X^T X times [N, k].</returns>
    private static Tensor Gram(int[][] users, double[] weights, Tensor basis)
    {
        var (items, rank) = ((int)basis.shape[0], (int)basis.shape[1]);
        var values = basis.Values();
        var product = new float[values.Length];
        var sum = new float[rank];
        foreach (var user in users)
        {
            Array.Clear(sum);
            foreach (var item in user)
                Model.Tensors.Matrix.AddScaled<float>(values.AsSpan(item * rank, rank), (float)weights[item], sum);
            var share = (float)Math.Pow(user.Length, 2 * UserPower);
            foreach (var item in user)
                Model.Tensors.Matrix.AddScaled<float>(sum, share * (float)weights[item], product.AsSpan(item * rank, rank));
        }
        return tensor(product, [items, rank]);
    }
}
