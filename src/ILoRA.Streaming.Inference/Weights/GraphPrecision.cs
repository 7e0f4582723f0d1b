namespace ILoRA.Streaming.Inference.Weights;

/// <summary>In what the graph computes.</summary>
public enum GraphPrecision
{
    /// <summary>Single precision, the runtime's fused kernels: what serves.</summary>
    Fast,

    /// <summary>Single precision with double in the rotation, the logits and the softmax of attention: scores of sharp adapters to the fourth decimal, for more time.</summary>
    Exact,

    /// <summary>
    /// The frozen matrices of the layers, and what goes into them, in eight bits by blocks of 32. Adapters, norms, attention and the output projection
    /// stay single precision. Less memory in about the same time; titles' scores correlate at 0.998 with the exact ones (SmolLM2-135M).
    /// </summary>
    EightBit,
}
