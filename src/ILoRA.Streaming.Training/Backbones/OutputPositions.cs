using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Backbones;

/// <summary>Which tokens' hidden states are read out of a pass over right-padded prompts.</summary>
public sealed class OutputPositions
{
    private readonly Tensor flat;
    private readonly Tensor read;

    /// <param name="places">For each of B prompts its tokens, at least one; S is the most that a prompt has.</param>
    /// <param name="length">T, tokens of a padded prompt.</param>
    /// <param name="device">Where the pass runs.</param>
    public OutputPositions(IReadOnlyList<int[]> places, int length, Device device)
    {
        Length = length;
        var most = places.Max(own => own.Length);
        // A prompt with fewer repeats its last place, which is not read again.
        long[] padded = [.. places.SelectMany(own => Enumerable.Range(0, most).Select(at => (long)own[Math.Min(at, own.Length - 1)]))];
        Rows = tensor(padded, [places.Count, most], device: device);
        flat = tensor(padded.Select((place, at) => at / most * length + place).ToArray(), device: device);
        read = tensor(places.SelectMany((own, b) => Enumerable.Range(0, own.Length).Select(at => (long)b * most + at)).ToArray(), device: device);
    }

    /// <summary>T</summary>
    public int Length { get; }

    /// <summary>[B, S]</summary>
    public Tensor Rows { get; }

    /// <param name="x">[B, T, ...]</param>
    /// <returns>[B, S, ...]</returns>
    internal Tensor Of(Tensor x) => x.flatten(0, 1).index_select(0, flat).view([.. Rows.shape, .. x.shape[2..]]);

    /// <param name="hidden">[B, S, H] of the pass.</param>
    /// <returns>[P, H], prompt by prompt in the order given, without what fills up.</returns>
    public Tensor Read(Tensor hidden) => hidden.flatten(0, 1).index_select(0, read);
}
