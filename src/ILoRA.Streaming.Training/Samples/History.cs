using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Samples;

/// <summary>Histories as the encoder reads them.</summary>
/// <param name="Rows">[B, L] encoder rows of the last L known items, oldest first, right-padded.</param>
/// <param name="Last">[B], the last real position.</param>
public sealed record History(Tensor Rows, Tensor Last)
{
    /// <param name="histories">Row numbers, oldest first, none empty.</param>
    /// <param name="positions">The most that the encoder reads.</param>
    /// <param name="device">Where the tensors go.</param>
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
        return new(tensor(padded, [cut.Length, length], device: device), tensor(cut.Select(rows => rows.Length - 1L).ToArray(), device: device));
    }
}
