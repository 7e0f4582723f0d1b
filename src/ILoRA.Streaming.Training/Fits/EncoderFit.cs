using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Encoders;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Fits SASRec by cross-entropy of the next item at every position, with a full softmax over the items that occur in the data.
/// </summary>
public static class EncoderFit
{
    /// <summary>Runs the fit.</summary>
    /// <param name="sequences">Each user's items as rows of the table, oldest first.</param>
    /// <param name="items">N, the number of rows.</param>
    /// <param name="options">Hyperparameters.</param>
    /// <param name="device">The device to train on.</param>
    /// <param name="progress">Reported to after every mini-batch.</param>
    /// <param name="clock">Ends the training when its budget is spent; null runs all epochs.</param>
    /// <param name="stop">Cancels the fit.</param>
    /// <returns>The encoder. Items that do not occur get a bias below all others, so that they rank last.</returns>
    public static SasRec Run(
        IReadOnlyList<int[]> sequences, int items, EncoderFitOptions options, Device device, IProgress<FitProgress>? progress = null,
        FitClock? clock = null, CancellationToken stop = default)
    {
        var random = new SavedRandom((ulong)options.Seed);
        random.SeedTorch();
        using var encoder = new TorchSasRec(Start(sequences, items, options, random), device);
        using var adam = new Adam();
        adam.AddRange(encoder.Parameters());
        var seen = new Interactions(sequences, items).Counts();
        using var unseen = tensor(seen.Select(count => count == 0).ToArray(), device: device).DetachFromDisposeScope();
        foreach (var (batch, counted) in Batches(sequences, options.Positions, options.Batch, options.Epochs, random))
        {
            stop.ThrowIfCancellationRequested();
            var done = Math.Max(counted, clock?.Done(0, null) ?? 0);
            if (done >= 1)
                break;
            var loss = Step(encoder, adam, batch, unseen, options, Schedule.WarmUpThenCosine(options.Rate, done));
            progress?.Report(new(done, loss, "encoder"));
        }
        return SinkUnseen(options.Tied ? Tied(encoder.Export()) : encoder.Export(), seen);
    }

    /// <summary>
    /// The mini-batches of all epochs, with windows newly cut and shuffled in each, and the fraction of the fit done before each.
    /// </summary>
    internal static IEnumerable<(int[][] Windows, double Done)> Batches(IReadOnlyList<int[]> sequences, int positions, int batch,
        int epochs, Random random)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var windows = Windows(sequences, positions, random);
            random.Shuffle(windows);
            foreach (var (number, chunk) in windows.Chunk(batch).Index())
                yield return (chunk, (epoch + (double)number * batch / windows.Length) / epochs);
        }
    }

    /// <summary>The mean cross-entropy of the next item at every position.</summary>
    /// <param name="windows">Consecutive items, at most <paramref name="positions"/> + 1 each.</param>
    /// <param name="positions">The maximum number of inputs.</param>
    /// <param name="scores">Computes scores [B, L, N] of inputs [B, L].</param>
    /// <param name="unseen">[N], true for items that the softmax leaves out.</param>
    internal static Tensor Loss(int[][] windows, int positions, Func<Tensor, Tensor> scores, Tensor unseen)
    {
        var inputs = History.Of([.. windows.Select(window => window[..^1])], positions, unseen.device).Rows;
        var length = (int)inputs.shape[1];
        var targets =
            windows.SelectMany(window => Enumerable.Range(1, length).Select(t => t < window.Length ? window[t] : Ignored)).ToArray();
        return nn.functional.cross_entropy(
            scores(inputs).MaskOut(unseen).flatten(0, 1), tensor(targets, device: unseen.device), ignore_index: Ignored);
    }

    private static SasRec Start(IReadOnlyList<int[]> sequences, int items, EncoderFitOptions options, Random random)
    {
        var start = InitialSasRec.Create(items, random, options.Width, options.Positions);
        return options.FromCooccurrence
            ? start.With(SasRec.InputTable, CooccurrenceRows.Over(sequences, start.Tensors[SasRec.InputTable], options.Width, random))
            : start;
    }

    private static SasRec Tied(SasRec encoder) => encoder.With(SasRec.OutputTable, encoder.Tensors[SasRec.InputTable][..^encoder.Width]);

    private static double Step(TorchSasRec encoder, Adam adam, int[][] windows, Tensor unseen, EncoderFitOptions options, double rate)
    {
        using var scope = NewDisposeScope();
        var loss =
            Loss(windows, options.Positions, inputs => encoder.Logits(encoder.Encode(inputs, options.Dropout), options.Tied), unseen);
        adam.ZeroGradients();
        loss.backward();
        adam.Update(rate);
        return loss.item<float>();
    }

    /// <summary>Cuts each sequence into windows of the encoder's length plus the last target, at a random offset in every epoch.</summary>
    private static int[][] Windows(IReadOnlyList<int[]> sequences, int positions, Random random)
    {
        var windows = new List<int[]>();
        foreach (var sequence in sequences.Where(sequence => sequence.Length > 1))
        {
            for (var start = -random.Next(positions); start < sequence.Length - 1; start += positions)
            {
                if (sequence[Math.Max(start, 0)..Math.Min(start + positions + 1, sequence.Length)] is { Length: > 1 } window)
                    windows.Add(window);
            }
        }
        return [.. windows];
    }

    private static SasRec SinkUnseen(SasRec encoder, int[] seen)
    {
        var bias = encoder.Tensors[SasRec.OutputBias];
        var floor = bias.Where((_, row) => seen[row] > 0).DefaultIfEmpty(0).Min() - 5;
        for (var row = 0; row < encoder.Items; row++)
        {
            if (seen[row] > 0)
                continue;
            bias[row] = floor;
            Array.Clear(encoder.Tensors[SasRec.OutputTable], row * encoder.Width, encoder.Width);
        }
        return encoder;
    }

    private const long Ignored = -100;
}

/// <summary>Dimensions and hyperparameters of the encoder's fit.</summary>
public sealed record EncoderFitOptions
{
    public int Width { get; init; } = 64;
    public int Positions { get; init; } = 10;
    public int Epochs { get; init; } = 30;
    public int Batch { get; init; } = 32;
    public double Rate { get; init; } = 2e-3;
    public double Dropout { get; init; } = 0.4;

    /// <summary>
    /// Ties the input and output embeddings of items: half the parameters, which helps where items have few clicks. The written file
    /// contains both tables.
    /// </summary>
    public bool Tied { get; init; } = true;

    /// <summary>Initialises the item rows by <see cref="CooccurrenceRows"/> instead of at random.</summary>
    public bool FromCooccurrence { get; init; } = true;

    public int Seed { get; init; } = 1;
}
