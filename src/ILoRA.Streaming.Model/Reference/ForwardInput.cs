using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Model.Reference;

/// <summary>One sequence to run.</summary>
/// <param name="Ids">[T]</param>
/// <param name="Positions">[T]</param>
/// <param name="Sees">Whether a query position attends to a key position (at or before it).</param>
/// <param name="Slots">Positions whose embeddings are replaced.</param>
/// <param name="SlotEmbeddings">By slot, [H] each.</param>
public sealed record ForwardInput(int[] Ids, int[] Positions, Func<int, int, bool> Sees, IReadOnlyList<int> Slots, IReadOnlyList<float[]> SlotEmbeddings)
{
    /// <summary>A plain causal sequence.</summary>
    public static ForwardInput Causal(int[] ids) => new(ids, [.. Enumerable.Range(0, ids.Length)], (_, _) => true, [], []);

    public static ForwardInput Packed(PackedPrompt packed) => new(packed.Ids, packed.Positions, packed.Sees, [], []);

    public ForwardInput WithItems(IReadOnlyList<int> slots, IReadOnlyList<float[]> embeddings) => this with { Slots = slots, SlotEmbeddings = embeddings };
}

/// <summary>A LoRA with one user's gate folded into a scale over the rank.</summary>
/// <param name="Lora">The factors.</param>
/// <param name="RankScale">[r], from <see cref="AdapterShape.RankScale"/>.</param>
public sealed record LoraCorrection(LoraWeights Lora, float[] RankScale);
