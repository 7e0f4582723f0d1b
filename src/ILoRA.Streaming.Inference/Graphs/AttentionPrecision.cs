namespace ILoRA.Streaming.Inference.Graphs;

/// <summary>In what the rotation, the logits and the softmax of attention are computed.</summary>
public enum AttentionPrecision
{
    /// <summary>Single precision, the runtime's fused kernels: what serves.</summary>
    Fast,

    /// <summary>Double: scores of sharp adapters to the fourth decimal, for more time.</summary>
    Exact,
}
