using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>What an iLoRA looks like: K experts, slices of one LoRA of rank r (arXiv 2408.10159, section 3).</summary>
/// <param name="Experts">K; expert k owns rank rows [k r/K, (k+1) r/K).</param>
/// <param name="Rank">r, a multiple of K.</param>
/// <param name="Alpha">LoRA's alpha; the correction is scaled by alpha / r.</param>
/// <param name="Targets">The adapted linear layers, ascending, without repeats.</param>
public sealed record AdapterShape(int Experts, int Rank, float Alpha, IReadOnlyList<LoraTarget> Targets)
{
    /// <summary>q k v o, r = 8, alpha = 32, K = 4.</summary>
    public static AdapterShape Default { get; } = new(4, 8, 32, [LoraTarget.Q, LoraTarget.K, LoraTarget.V, LoraTarget.O]);

    public float Scale => Alpha / Rank;

    /// <summary>
    /// The gate's weights spread over the rank with K and alpha / r folded in: the vector that multiplies A x before B
    /// (y = W x + (alpha / r) B diag(K w repeated r/K times) A x).
    /// </summary>
    /// <param name="weights">[K], on the simplex.</param>
    /// <returns>[r]</returns>
    public float[] RankScale(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Experts)
            throw new ArgumentException($"The gate gave {weights.Length} weights, the adapter has {Experts} experts.", nameof(weights));
        var scale = new float[Rank];
        for (var row = 0; row < Rank; row++)
            scale[row] = Scale * Experts * weights[row / (Rank / Experts)];
        return scale;
    }

    /// <summary>Value equality over the targets too: two versions fit one graph when their shapes are equal.</summary>
    public bool Equals(AdapterShape? other) => other is not null && Experts == other.Experts && Rank == other.Rank
        && Alpha.Equals(other.Alpha) && Targets.SequenceEqual(other.Targets);

    public override int GetHashCode() => HashCode.Combine(Experts, Rank, Alpha, Targets.Count);
}
