using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Prompts;

namespace ILoRA.Streaming.Model.Reference;

/// <summary>The input of a forward pass: one sequence of tokens, with its attention pattern and replaced embeddings.</summary>
/// <param name="Ids">Token ids [T].</param>
/// <param name="Positions">Rotary positions [T].</param>
/// <param name="Attends">Whether a query position (first argument) attends to a key position at or before it (second argument).</param>
/// <param name="Slots">The positions whose embeddings are replaced.</param>
/// <param name="SlotEmbeddings">The new embedding [H] of each slot.</param>
public sealed record ForwardInput(
    int[] Ids, int[] Positions, Func<int, int, bool> Attends, IReadOnlyList<int> Slots, IReadOnlyList<float[]> SlotEmbeddings)
{
    /// <summary>A sequence with plain causal attention and no replaced embeddings.</summary>
    public static ForwardInput Causal(int[] ids) => new(ids, [.. Enumerable.Range(0, ids.Length)], (_, _) => true, [], []);

    public static ForwardInput Packed(PackedPrompt packed) => new(packed.Ids, packed.Positions, packed.Attends, [], []);

    public ForwardInput WithItems(IReadOnlyList<int> slots, IReadOnlyList<float[]> embeddings) =>
        this with { Slots = slots, SlotEmbeddings = embeddings };
}

/// <summary>LoRA factors with one user's gate folded into a scale over the rank.</summary>
/// <param name="Lora">The factors.</param>
/// <param name="RankScale">[r], from <see cref="AdapterShape.RankScale"/>.</param>
public sealed record LoraCorrection(LoraWeights Lora, float[] RankScale);
