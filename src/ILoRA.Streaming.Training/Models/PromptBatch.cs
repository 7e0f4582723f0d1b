using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>Right-padded prompts.</summary>
/// <param name="Ids">[B, T]</param>
/// <param name="Ends">B, where each prompt's last token stands.</param>
/// <param name="Slots">Every item slot, prompt by prompt.</param>
public sealed record PromptBatch(Tensor Ids, IReadOnlyList<int> Ends, IReadOnlyList<PromptBatch.Slot> Slots)
{
    private int Length => (int)Ids.shape[1];

    /// <summary>The prompts' last tokens.</summary>
    public OutputPositions Last() => new([.. Ends.Select(end => (int[])[end])], Length, Ids.device);

    /// <summary>Each prompt's item slots and then its last token.</summary>
    public OutputPositions SlotsAndLast()
    {
        var slots = Slots.ToLookup(slot => slot.Position / Length, slot => slot.Position % Length);
        return new([.. Ends.Select((end, b) => (int[])[.. slots[b], end])], Length, Ids.device);
    }

    /// <param name="prompts">Prompts, with the encoder row of each slot's item (-1 where there is none).</param>
    /// <param name="tokenizer">Gives the padding token; padding is never seen by a real token.</param>
    /// <param name="device">Where the tensors go.</param>
    public static PromptBatch Of(IReadOnlyList<(Prompt Prompt, IReadOnlyList<int> Rows)> prompts, TextTokenizer tokenizer, Device device)
    {
        var length = prompts.Max(prompt => prompt.Prompt.Ids.Length);
        var ids = new long[prompts.Count * length];
        Array.Fill(ids, tokenizer.EndOfText);
        var slots = new List<Slot>();
        for (var b = 0; b < prompts.Count; b++)
        {
            var (prompt, rows) = prompts[b];
            for (var t = 0; t < prompt.Ids.Length; t++)
                ids[b * length + t] = prompt.Ids[t];
            slots.AddRange(prompt.ItemSlots.Select((at, s) => new Slot(b * length + at, rows[s])));
        }
        return new(tensor(ids, [prompts.Count, length], device: device), [.. prompts.Select(prompt => prompt.Prompt.Ids.Length - 1)], slots);
    }

    /// <param name="Position">In the flattened B x T.</param>
    /// <param name="Row">The encoder's row of the item, or -1.</param>
    public readonly record struct Slot(int Position, int Row);
}
