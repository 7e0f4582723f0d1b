using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>One adapted layer's factors: A [r, in] and B [out, r], row-major.</summary>
public sealed record LoraPair(float[] A, float[] B);

/// <summary>The LoRA factors of every adapted layer of one adapter.</summary>
public sealed record LoraWeights(AdapterShape Shape, IReadOnlyDictionary<LoraSite, LoraPair> Pairs);

/// <summary>Where a pair sits: decoder layer (from 0) and linear layer.</summary>
public readonly record struct LoraSite(int Layer, LoraTarget Target);
