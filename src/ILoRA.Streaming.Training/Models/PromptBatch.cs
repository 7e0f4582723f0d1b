using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Models;

/// <summary>A mini-batch of right-padded prompts.</summary>
/// <param name="Ids">[B, T], token ids.</param>
/// <param name="Ends">The position of each prompt's last token, B values.</param>
/// <param name="Slots">The item slots of all prompts, prompt by prompt.</param>
public sealed record PromptBatch(Tensor Ids, IReadOnlyList<int> Ends, IReadOnlyList<PromptBatch.Slot> Slots)
{
    private int Length => (int)Ids.shape[1];

    /// <summary>The positions of the prompts' last tokens.</summary>
    public OutputPositions Last() => new([.. Ends.Select(end => (int[])[end])], Length, Ids.device);

    /// <summary>The positions of each prompt's item slots, followed by that of its last token.</summary>
    public OutputPositions SlotsAndLast()
    {
        var slots = Slots.ToLookup(slot => slot.Position / Length, slot => slot.Position % Length);
        return new([.. Ends.Select((end, b) => (int[])[.. slots[b], end])], Length, Ids.device);
    }

    /// <summary>Pads prompts to a mini-batch.</summary>
    /// <param name="prompts">Prompts, with the encoder row of each slot's item (-1 where there is none).</param>
    /// <param name="tokenizer">Gives the padding token.</param>
    /// <param name="device">The device of the tensors.</param>
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
        return new(tensor(ids, [prompts.Count, length], device: device), [.. prompts.Select(prompt => prompt.Prompt.Ids.Length - 1)],
            slots);
    }

    /// <summary>An item slot: the token of a prompt that is replaced by an item's projected encoder row.</summary>
    /// <param name="Position">The slot's index in the flattened B x T tokens.</param>
    /// <param name="Row">The item's row in the encoder, or -1.</param>
    public readonly record struct Slot(int Position, int Row);
}
