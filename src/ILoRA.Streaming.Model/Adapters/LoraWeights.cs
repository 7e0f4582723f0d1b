using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>The LoRA factors of one linear layer: A [r, in] and B [out, r], row-major.</summary>
public sealed record LoraPair(float[] A, float[] B);

/// <summary>The LoRA factors of an adapter, by adapted linear layer.</summary>
public sealed record LoraWeights(AdapterShape Shape, IReadOnlyDictionary<LoraSite, LoraPair> Pairs);

/// <summary>The place of a LoRA pair in the model: decoder layer (from 0) and linear layer.</summary>
public readonly record struct LoraSite(int Layer, LoraTarget Target);
