using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Fits the sequence encoder on clicks, and counts how often each item was clicked, ever and lately.</summary>
/// <param name="ids">The catalogue.</param>
/// <param name="options">How.</param>
/// <param name="halfLife">Clicks after which a click counts half in the recent popularity.</param>
public sealed class ClickEncoderFit(IReadOnlyList<string> ids, EncoderFitOptions options, double halfLife)
{
    /// <param name="clicks">User and item in event order; every item is in the catalogue.</param>
    /// <param name="device">Where.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="clock">Ends the epochs early; null takes them all.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    /// <returns>The encoder, its items and how many users there were.</returns>
    public (SasRec Encoder, ItemTable Items, int Users) Run(
        IReadOnlyList<(string User, string Item)> clicks, Device device, IProgress<FitProgress>? progress = null, FitClock? clock = null,
        CancellationToken stop = default)
    {
        var counts = new ItemCounts(new ItemTable(ids, new float[ids.Count], new float[ids.Count]), halfLife);
        foreach (var (_, item) in clicks)
            counts.Click(counts.RowOf(item));
        int[][] sequences = [.. clicks.GroupBy(click => click.User, StringComparer.Ordinal)
            .Select(user => user.Select(click => counts.RowOf(click.Item)).ToArray())];
        return (EncoderFit.Run(sequences, ids.Count, options, device, progress, clock, stop), counts.Export(), sequences.Length);
    }
}
