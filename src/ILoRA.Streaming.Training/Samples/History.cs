using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Samples;

/// <summary>A mini-batch of histories as input of the encoder.</summary>
/// <param name="Rows">[B, L], encoder rows of the newest L known items, oldest first, right-padded.</param>
/// <param name="Last">[B], the last position of each history that is not padding.</param>
public sealed record History(Tensor Rows, Tensor Last)
{
    /// <summary>Truncates and pads histories.</summary>
    /// <param name="histories">Encoder rows, oldest first; no history may be empty.</param>
    /// <param name="positions">The maximum number of items that the encoder reads.</param>
    /// <param name="device">The device of the tensors.</param>
    public static History Of(IReadOnlyList<int[]> histories, int positions, Device device)
    {
        var cut = histories.Select(rows => rows.Length > positions ? rows[^positions..] : rows).ToArray();
        var length = cut.Max(rows => rows.Length);
        var padded = new long[cut.Length * length];
        for (var b = 0; b < cut.Length; b++)
        {
            for (var t = 0; t < cut[b].Length; t++)
                padded[b * length + t] = cut[b][t];
        }
        return new(tensor(padded, [cut.Length, length], device: device),
            tensor(cut.Select(rows => rows.Length - 1L).ToArray(), device: device));
    }
}
