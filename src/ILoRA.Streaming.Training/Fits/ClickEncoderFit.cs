using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Fits the sequence encoder on clicks, and counts each item's clicks and recent popularity.</summary>
/// <param name="ids">The item ids of the catalogue.</param>
/// <param name="options">Hyperparameters of the encoder's fit.</param>
/// <param name="halfLife">The half-life of a click in the recent popularity, in clicks.</param>
public sealed class ClickEncoderFit(IReadOnlyList<string> ids, EncoderFitOptions options, double halfLife)
{
    /// <summary>Runs the fit.</summary>
    /// <param name="clicks">User and item of each click, in the order of events; every item is in the catalogue.</param>
    /// <param name="device">The device to train on.</param>
    /// <param name="progress">Reported to after every mini-batch.</param>
    /// <param name="clock">Ends the training when its budget is spent; null runs all epochs.</param>
    /// <param name="stop">Cancels the fit.</param>
    /// <returns>The encoder, its items with their counts, and the number of users.</returns>
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
