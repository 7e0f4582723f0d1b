using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>
/// Fits a <see cref="TrainedBag"/> by cross-entropy of the next item at every position, with a full softmax over the items that occur in
/// the data, as <see cref="EncoderFit"/> fits an encoder.
/// </summary>
public static class BagFit
{
    /// <summary>Runs the fit.</summary>
    /// <param name="interactions">The users' sequences.</param>
    /// <param name="features">The items' features.</param>
    /// <param name="options">Hyperparameters.</param>
    /// <param name="device">The device to train on.</param>
    /// <param name="progress">Reported to after every mini-batch.</param>
    /// <param name="stop">Cancels the fit.</param>
    public static TrainedBag Run(Interactions interactions, BagFeatures features, BagFitOptions options, Device device,
        IProgress<FitProgress>? progress = null, CancellationToken stop = default)
    {
        var random = new SavedRandom((ulong)options.Seed);
        random.SeedTorch();
        var seen = interactions.Counts();
        using var bag = new TorchBag(features, seen, random, device);
        using var maps = new Adam();
        using var scalars = new Adam();
        maps.AddRange(bag.Maps());
        scalars.AddRange(bag.Scalars());
        using var unseen = tensor(seen.Select(count => count == 0).ToArray(), device: device).DetachFromDisposeScope();
        foreach (var (batch, done) in EncoderFit.Batches(interactions.Sequences, TrainedBag.Window, options.Batch, options.Epochs, random))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var loss = EncoderFit.Loss(batch, TrainedBag.Window, inputs => bag.Scores(inputs, options.Dropout), unseen);
            maps.ZeroGradients();
            scalars.ZeroGradients();
            loss.backward();
            var rate = Schedule.WarmUpThenCosine(options.Rate, done);
            maps.Update(rate);
            scalars.Update(10 * rate);
            progress?.Report(new(done, loss.item<float>(), "bag"));
        }
        return bag.Export();
    }
}

/// <summary>The features of M items for a trained bag.</summary>
/// <param name="Titles">t [M][H], title vectors.</param>
/// <param name="Rows">An encoder whose item rows are e; null uses titles only.</param>
public sealed record BagFeatures(IReadOnlyList<float[]> Titles, SasRec? Rows);

/// <summary>Hyperparameters of <see cref="BagFit"/>.</summary>
public sealed record BagFitOptions
{
    public int Epochs { get; init; } = 5;
    public int Batch { get; init; } = 64;

    /// <summary>Peak learning rate of the maps.</summary>
    public double Rate { get; init; } = 1e-3;

    public double Dropout { get; init; } = 0.2;
    public int Seed { get; init; } = 1;
}
