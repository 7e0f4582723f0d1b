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
/// Pre-trains a tiny causal language model and its byte-level BPE on titles alone (never on behaviour: a backbone that knows the sequences
/// hides what the adapter learns). Its text is prompts over randomly drawn titles.
/// </summary>
public static class BackboneFit
{
    /// <param name="titles">The catalogue's titles.</param>
    /// <param name="folder">Where the Hugging Face folder goes.</param>
    /// <param name="options">How.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="clock">Ends the steps early, where its budget does not last for all of them; null takes them all.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
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

    private static Model.Tensors.Tensor[] Weights(IReadOnlyList<string> titles, TextTokenizer tokenizer, BackboneConfig config, BackboneFitOptions options,
        Device device, IProgress<FitProgress>? progress, FitClock? clock, CancellationToken stop)
    {
        var random = new SavedRandom((ulong)options.Seed);
        var parameters = BackboneTensor.All(config).ToDictionary(weight => weight.Name, weight => Initial(weight, config, random, device), StringComparer.Ordinal);
        using var model = new TorchBackbone(config, parameters.ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value), device, ScalarType.Float32);
        using var adam = new Adam();
        adam.AddRange(parameters.Select(pair => (pair.Key, pair.Value)));
        var corpus = new TitleCorpus(tokenizer, titles, random);
        for (var step = 0; Done(step) is var done and < 1; step++)
        {
            stop.ThrowIfCancellationRequested();
            var loss = Step(model, adam, corpus.Rows(options.Batch, options.Length), options.Length, Schedule.WarmUpThenCosine(options.Rate, done));
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

    /// <summary>Norms at 1; matrices normal with deviation 0.02, those that write to the residual stream smaller by sqrt(2 layers) (GPT-2).</summary>
    private static Parameter Initial(BackboneTensor weight, BackboneConfig config, Random random, Device device)
    {
        long[] shape = [.. weight.Shape.Select(size => (long)size)];
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        if (shape.Length == 1)
            return Enumerable.Repeat(1f, count).ToArray().KeepParameter(device, shape);
        var writes = weight.Name.Contains("o_proj", StringComparison.Ordinal) || weight.Name.Contains("down_proj", StringComparison.Ordinal);
        var deviation = writes ? 0.02f / MathF.Sqrt(2 * config.Layers) : 0.02f;
        return RandomValues.Normal(random, count, deviation).KeepParameter(device, shape);
    }
}

/// <summary>The tiny backbone: 4 layers of 128, 4 heads over 2 key-value heads.</summary>
public sealed record BackboneFitOptions
{
    public int Layers { get; init; } = 4;
    public int Hidden { get; init; } = 128;
    public int Heads { get; init; } = 4;
    public int KvHeads { get; init; } = 2;
    public int FeedForward { get; init; } = 384;
    public int Positions { get; init; } = 512;

    /// <summary>Entries of the tokenizer.</summary>
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
