namespace ILoRA.Streaming.Inference.Sessions;

/// <summary>What one run of the graph reads beside the adapter: one prompt of T tokens, with or without packed candidates.</summary>
public sealed record PromptRun
{
    /// <summary>[T]</summary>
    public required int[] Ids { get; init; }

    /// <summary>[T]; null counts from 0.</summary>
    public int[]? Positions { get; init; }

    /// <summary>Additive [T, T]; null is causal.</summary>
    public float[]? Mask { get; init; }

    /// <summary>[r], AdapterShape.RankScale; empty where no layer is adapted.</summary>
    public required float[] RankScale { get; init; }

    /// <summary>[S] positions whose token embedding is replaced.</summary>
    public int[] Slots { get; init; } = [];

    /// <summary>[S, H]</summary>
    public float[] SlotEmbeddings { get; init; } = [];

    /// <summary>[L]: rows that the pairs read logits of.</summary>
    public int[] Rows { get; init; } = [];

    /// <summary>[N]: (index into <see cref="Rows"/>, token).</summary>
    public IReadOnlyList<(int Row, int Token)> Pairs { get; init; } = [];
}
