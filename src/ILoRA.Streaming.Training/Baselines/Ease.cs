using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>
/// EASE (Steck, arXiv 1905.03375): ridge regression of each item on all others in closed form. With P = (X'X + lambda I)^-1 over users'
/// binary rows, B_ij = -P_ij / P_jj and B_jj = 0; score(j) = sum over history items i of B_ij.
/// </summary>
public sealed class Ease
{
    /// <summary>The maximum number of items; the M x M matrix then takes 1.6 GB.</summary>
    public const int MaxItems = 20_000;

    private readonly int items;
    private readonly float[] b;     // [M, M]

    /// <exception cref="InvalidDataException">The catalogue is too large for a dense matrix.</exception>
    public Ease(Interactions interactions, double lambda)
    {
        items = interactions.Items;
        if (items > MaxItems)
            throw new InvalidDataException($"EASE needs a matrix of items x items and takes at most {MaxItems:N0} items, the catalogue has "
                + $"{items:N0}; leave ease out of --baselines.");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gram = tensor(Gram(interactions, lambda), [items, items]);
        var inverse = linalg.inv(gram);
        gram.Dispose();
        b = inverse.div_(inverse.diagonal().neg().unsqueeze(0)).Values();
        for (var item = 0; item < items; item++)
            b[item * items + item] = 0;
    }

    /// <summary>The scores of all items.</summary>
    /// <param name="history">The history's items; repeated items count once.</param>
    /// <returns>[M]</returns>
    public float[] Scores(int[] history)
    {
        var scores = new float[items];
        foreach (var item in history.Distinct())
            System.Numerics.Tensors.TensorPrimitives.Add(scores, b.AsSpan(item * items, items), scores);
        return scores;
    }

    // Users have few items, so counting pairs is cheaper than a matrix product.
    private static float[] Gram(Interactions interactions, double lambda)
    {
        var size = interactions.Items;
        var gram = new float[size * size];
        foreach (var user in interactions.Sequences.Select(sequence => sequence.Distinct().ToArray()))
            foreach (var item in user)
                foreach (var other in user)
                    gram[item * size + other]++;
        for (var item = 0; item < size; item++)
            gram[item * size + item] += (float)lambda;
        return gram;
    }
}
