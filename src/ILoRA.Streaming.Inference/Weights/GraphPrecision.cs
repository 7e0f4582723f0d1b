namespace ILoRA.Streaming.Inference.Weights;

/// <summary>The numeric precision of a graph.</summary>
public enum GraphPrecision
{
    /// <summary>Single precision with ONNX Runtime's fused kernels; the default of serving.</summary>
    Fast,

    /// <summary>
    /// Single precision, but double precision for the rotary embedding, the logits and the softmax of attention: exact to the fourth
    /// decimal of a score also with large attention logits, and slower.
    /// </summary>
    Exact,

    /// <summary>
    /// The frozen matrices of the layers and their inputs are quantised to eight bits in blocks of 32. Adapters, norms, attention and the
    /// output projection stay in single precision. Needs less memory at about the same speed; title scores correlate with the exact ones by
    /// 0.998 (SmolLM2-135M).
    /// </summary>
    EightBit,
}
