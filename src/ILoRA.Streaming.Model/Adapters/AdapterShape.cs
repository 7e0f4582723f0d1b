using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>
/// The shape of an iLoRA adapter: a LoRA of rank r whose rank is divided equally among K experts (arXiv 2408.10159, section 3).
/// </summary>
/// <param name="Experts">K; expert k owns rank rows [k r/K, (k+1) r/K).</param>
/// <param name="Rank">r, a multiple of K.</param>
/// <param name="Alpha">LoRA's alpha; the correction is scaled by alpha / r.</param>
/// <param name="Targets">The adapted linear layers, ascending, without repeats.</param>
public sealed record AdapterShape(int Experts, int Rank, float Alpha, IReadOnlyList<LoraTarget> Targets)
{
    /// <summary>K = 4, r = 8, alpha = 32, on the attention projections q, k, v and o.</summary>
    public static AdapterShape Default { get; } = new(4, 8, 32, [LoraTarget.Q, LoraTarget.K, LoraTarget.V, LoraTarget.O]);

    /// <summary>alpha / r, the factor of the LoRA correction.</summary>
    public float Scale => Alpha / Rank;

    /// <summary>
    /// The scale of each rank row for given gate weights: (alpha / r) K w, each weight repeated r/K times. It multiplies A x before B is
    /// applied: y = W x + B diag(scale) A x.
    /// </summary>
    /// <param name="weights">The gate's weights [K]: not negative, with sum 1.</param>
    /// <returns>[r]</returns>
    /// <exception cref="ArgumentException">The number of weights is not K.</exception>
    public float[] RankScale(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Experts)
            throw new ArgumentException($"The gate gave {weights.Length} weights, the adapter has {Experts} experts.", nameof(weights));
        var scale = new float[Rank];
        for (var row = 0; row < Rank; row++)
            scale[row] = Scale * Experts * weights[row / (Rank / Experts)];
        return scale;
    }

    /// <summary>Compares the targets by value: versions with equal shapes can be served by the same graph.</summary>
    public bool Equals(AdapterShape? other) => other is not null && Experts == other.Experts && Rank == other.Rank
        && Alpha.Equals(other.Alpha) && Targets.SequenceEqual(other.Targets);

    public override int GetHashCode() => HashCode.Combine(Experts, Rank, Alpha, Targets.Count);
}
