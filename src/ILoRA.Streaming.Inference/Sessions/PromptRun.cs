namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>The inputs of one run of the graph other than the adapter: a prompt of T tokens, with or without packed candidates.</summary>
public sealed record PromptRun
{
    /// <summary>Token ids [T].</summary>
    public required int[] Ids { get; init; }

    /// <summary>Positions [T]; null for 0 to T - 1.</summary>
    public int[]? Positions { get; init; }

    /// <summary>The additive attention mask [T, T]; null for a causal mask.</summary>
    public float[]? Mask { get; init; }

    /// <summary>The scale of each rank row [r], from AdapterShape.RankScale; empty where no layer is adapted.</summary>
    public required float[] RankScale { get; init; }

    /// <summary>The positions whose token embedding is replaced [S].</summary>
    public int[] Slots { get; init; } = [];

    /// <summary>The embeddings that replace them [S, H].</summary>
    public float[] SlotEmbeddings { get; init; } = [];

    /// <summary>The positions for which logits are computed [L].</summary>
    public int[] Rows { get; init; } = [];

    /// <summary>The pairs (index into <see cref="Rows"/>, token) for which log-probabilities are computed [N].</summary>
    public IReadOnlyList<(int Row, int Token)> Pairs { get; init; } = [];
}
