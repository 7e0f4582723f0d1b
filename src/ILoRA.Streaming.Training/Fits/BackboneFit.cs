using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// Pre-trains a tiny causal language model and its byte-level BPE tokenizer on prompts over randomly drawn titles. User sequences are not
/// used: a backbone that has seen them would hide what the adapter learns.
/// </summary>
public static class BackboneFit
{
    /// <summary>Trains the model and writes it as a Hugging Face folder.</summary>
    /// <param name="titles">The catalogue's titles.</param>
    /// <param name="folder">The folder to write.</param>
    /// <param name="options">Dimensions and hyperparameters.</param>
    /// <param name="device">The device to train on.</param>
    /// <param name="progress">Reported to after every mini-batch.</param>
    /// <param name="clock">Ends the training when its budget is spent; null runs all steps.</param>
    /// <param name="stop">Cancels the fit.</param>
    public static Backbone Run(IReadOnlyList<string> titles, string folder, BackboneFitOptions options, Device device,
        IProgress<FitProgress>? progress = null, FitClock? clock = null, CancellationToken stop = default)
    {
        Directory.CreateDirectory(folder);
        var tokenizerJson = BytePairTrainer.Train(titles.Select(title => $" {title}"), options.Vocabulary);
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), tokenizerJson);
        var tokenizer = TextTokenizer.Load(folder);
        var config = options.Config(tokenizer.Vocabulary);
        BackboneFolder.Write(folder, config, Weights(titles, tokenizer, config, options, device, progress, clock, stop), tokenizerJson);
        return Backbone.Load(folder);
    }

    private static Model.Tensors.Tensor[] Weights(IReadOnlyList<string> titles, TextTokenizer tokenizer, BackboneConfig config,
        BackboneFitOptions options,
        Device device, IProgress<FitProgress>? progress, FitClock? clock, CancellationToken stop)
    {
        var random = new SavedRandom((ulong)options.Seed);
        var parameters =
            BackboneTensor.All(config)
                .ToDictionary(weight => weight.Name, weight => Initial(weight, config, random, device), StringComparer.Ordinal);
        using var model =
            new TorchBackbone(config, parameters.ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value), device, ScalarType.Float32);
        using var adam = new Adam();
        adam.AddRange(parameters.Select(pair => (pair.Key, pair.Value)));
        var corpus = new TitleCorpus(tokenizer, titles, random);
        for (var step = 0; Done(step) is var done and < 1; step++)
        {
            stop.ThrowIfCancellationRequested();
            var loss =
                Step(model, adam, corpus.Rows(options.Batch, options.Length), options.Length,
                    Schedule.WarmUpThenCosine(options.Rate, done));
            progress?.Report(new(done, loss, "backbone"));
        }
        return [.. BackboneTensor.All(config).Select(weight =>
            new Model.Tensors.Tensor(weight.Name, weight.Shape, parameters[weight.Name].Values()))];

        double Done(int step) => clock?.Done(step, options.Steps) ?? (double)step / options.Steps;
    }

    private static double Step(TorchBackbone model, Adam adam, long[] rows, int length, double rate)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(rows, [rows.Length / (length + 1), length + 1], device: model.Device);
        var logits = model.Logits(model.Hidden(model.Embed(ids.narrow(1, 0, length))));       // [B, T, V]
        var loss = nn.functional.cross_entropy(logits.flatten(0, 1), ids.narrow(1, 1, length).flatten());
        adam.ZeroGradients();
        loss.backward();
        adam.Update(rate);
        return loss.item<float>();
    }

    /// <summary>
    /// GPT-2's initialisation: norms 1; matrices N(0, 0.02^2), those whose output is added to the residual stream divided by sqrt(2
    /// layers).
    /// </summary>
    private static Parameter Initial(BackboneTensor weight, BackboneConfig config, Random random, Device device)
    {
        long[] shape = [.. weight.Shape.Select(size => (long)size)];
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        if (shape.Length == 1)
            return Enumerable.Repeat(1f, count).ToArray().KeepParameter(device, shape);
        var writes =
            weight.Name.Contains("o_proj", StringComparison.Ordinal) || weight.Name.Contains("down_proj", StringComparison.Ordinal);
        var deviation = writes ? 0.02f / MathF.Sqrt(2 * config.Layers) : 0.02f;
        return RandomValues.Normal(random, count, deviation).KeepParameter(device, shape);
    }
}

/// <summary>Dimensions and hyperparameters of the tiny backbone.</summary>
public sealed record BackboneFitOptions
{
    public int Layers { get; init; } = 4;
    public int Hidden { get; init; } = 128;
    public int Heads { get; init; } = 4;
    public int KvHeads { get; init; } = 2;
    public int FeedForward { get; init; } = 384;
    public int Positions { get; init; } = 512;

    /// <summary>The vocabulary size of the tokenizer.</summary>
    public int Vocabulary { get; init; } = 2048;
    public int Steps { get; init; } = 1500;
    public int Batch { get; init; } = 8;
    public int Length { get; init; } = 96;
    public double Rate { get; init; } = 3e-3;
    public int Seed { get; init; } = 1;

    internal BackboneConfig Config(int vocabulary) => new()
    {
        Family = "llama",
        Layers = Layers,
        Hidden = Hidden,
        Heads = Heads,
        KvHeads = KvHeads,
        HeadSize = Hidden / Heads,
        FeedForward = FeedForward,
        Vocabulary = vocabulary,
        MaxPositions = Positions,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        Tied = true,
    };
}
