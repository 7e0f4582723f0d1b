using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Backbones;

/// <summary>The token positions whose final hidden states are wanted from a forward pass over right-padded prompts.</summary>
public sealed class OutputPositions
{
    private readonly Tensor flat;       // [B x S], into the flattened B x T
    private readonly Tensor unpadded;   // [P], into the flattened B x S

    /// <param name="positions">
    /// The wanted positions of each of B prompts, at least one per prompt; S is the maximum number of one prompt.
    /// </param>
    /// <param name="length">T, the length of the padded prompts in tokens.</param>
    /// <param name="device">The device of the forward pass.</param>
    public OutputPositions(IReadOnlyList<int[]> positions, int length, Device device)
    {
        Length = length;
        var most = positions.Max(own => own.Length);
        // Prompts with fewer positions are padded by repeating their last one.
        long[] padded = [.. positions.SelectMany(own => Enumerable.Range(0, most).Select(at => (long)own[Math.Min(at, own.Length - 1)]))];
        Rows = tensor(padded, [positions.Count, most], device: device);
        flat = tensor(padded.Select((position, at) => at / most * length + position).ToArray(), device: device);
        unpadded = tensor(positions.SelectMany((own, b) => Enumerable.Range(0, own.Length).Select(at => (long)b * most + at)).ToArray(),
            device: device);
    }

    /// <summary>T, the length of the padded prompts in tokens.</summary>
    public int Length { get; }

    /// <summary>[B, S], the wanted positions of each prompt, padded.</summary>
    public Tensor Rows { get; }

    /// <summary>Selects the wanted positions.</summary>
    /// <param name="x">[B, T, ...]</param>
    /// <returns>[B, S, ...]</returns>
    internal Tensor Of(Tensor x) => x.flatten(0, 1).index_select(0, flat).view([.. Rows.shape, .. x.shape[2..]]);

    /// <summary>Removes the padding from the forward pass's result.</summary>
    /// <param name="hidden">[B, S, H], hidden states.</param>
    /// <returns>[P, H], the hidden states at the P wanted positions, prompt by prompt in the order given.</returns>
    public Tensor Read(Tensor hidden) => hidden.flatten(0, 1).index_select(0, unpadded);
}
