using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>Fits a <see cref="TrainedBag"/> as <see cref="EncoderFit"/> fits an encoder: full softmax at every position, over the items seen at all.</summary>
public static class BagFit
{
    /// <param name="interactions">What to learn from.</param>
    /// <param name="features">What the bag reads of the items.</param>
    /// <param name="options">How.</param>
    /// <param name="device">Where.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    public static TrainedBag Run(Interactions interactions, BagFeatures features, BagFitOptions options, Device device, IProgress<FitProgress>? progress = null, CancellationToken stop = default)
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

/// <summary>What a trained bag reads of M items.</summary>
/// <param name="Titles">t [M][H]</param>
/// <param name="Rows">Its row of item i is e_i; null leaves them out.</param>
public sealed record BagFeatures(IReadOnlyList<float[]> Titles, SasRec? Rows);

/// <summary>How a trained bag is fit.</summary>
public sealed record BagFitOptions
{
    public int Epochs { get; init; } = 5;
    public int Batch { get; init; } = 64;

    /// <summary>Peak learning rate of the maps.</summary>
    public double Rate { get; init; } = 1e-3;

    public double Dropout { get; init; } = 0.2;
    public int Seed { get; init; } = 1;
}
