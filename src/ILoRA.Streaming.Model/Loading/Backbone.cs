using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Gguf;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Loading;

/// <summary>
/// A frozen language model from a Hugging Face folder or a GGUF file: configuration, weights and tokenizer. A tensor is converted to
/// float32 when it is read and is not cached here, so that only the implementation that uses it holds a copy.
/// </summary>
public sealed class Backbone
{
    private const string Index = "model.safetensors.index.json";

    private readonly ITensorFile weights;
    private readonly Dictionary<string, BackboneTensor> tensors;

    private Backbone(string name, BackboneConfig config, TextTokenizer tokenizer, ITensorFile weights, string hash, string[] files,
        int? randomSeed)
    {
        Config = config;
        Tokenizer = tokenizer;
        Hash = hash;
        this.weights = randomSeed is { } seed ? new RandomWeights(weights, seed) : weights;
        CheckShapes();
        Summary = Summarise(files.Sum(file => new FileInfo(file).Length), randomSeed);
        Name = name;
        tensors = BackboneTensor.All(config).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    public BackboneConfig Config { get; }

    public TextTokenizer Tokenizer { get; }

    /// <summary>
    /// The SHA-256 (lower-case hexadecimal) of config.json and the weights. Snapshots record it as the model that they were trained on.
    /// </summary>
    public string Hash { get; }

    /// <summary>The name of the folder or GGUF file, without its path.</summary>
    public string Name { get; }

    /// <summary>A description of the loaded model for logs.</summary>
    public BackboneSummary Summary { get; }

    /// <summary>The embedding table [V, H], read on each access; for a few rows use <see cref="ReadRows"/>.</summary>
    public Tensor Embedding => Read(BackboneTensor.Embedding);

    /// <summary>The weight [H] of the final norm.</summary>
    public Tensor FinalNorm => Read(BackboneTensor.FinalNorm);

    /// <summary>The output projection [V, H]; the embedding table where the weights are tied.</summary>
    public Tensor Output => Config.Tied ? Embedding : Read(BackboneTensor.Output);

    /// <summary>Checks that a backbone's path exists.</summary>
    /// <returns>Null where the path exists, else a message with the remedy.</returns>
    public static string? Missing(string path) => Path.Exists(path)
        ? null
        : $"{path} does not exist; a backbone is a Hugging Face folder with config.json, model.safetensors and tokenizer.json, or a "
            + "GGUF file.";

    /// <summary>Loads a backbone.</summary>
    /// <param name="path">A GGUF file, or a folder with config.json, model.safetensors (or shards and their index) and tokenizer.json or
    /// tokenizer.model.</param>
    /// <param name="layers">The number of layers to load, from the first; null for all. A truncated model has another hash.</param>
    /// <param name="randomSeed">The seed of random weights that replace the trained ones (a control experiment, with another hash); null
    /// for the trained weights.</param>
    /// <exception cref="InvalidDataException">A file is missing, broken or not supported; the message says which and why.</exception>
    public static Backbone Load(string path, int? layers = null, int? randomSeed = null)
    {
        if (Directory.Exists(path))
            return LoadFolder(path, layers, randomSeed);
        if (Missing(path) is { } missing)
            throw new InvalidDataException(missing);
        var file = GgufFile.Open(path);
        var config = GgufConfig.Read(file);
        return Of(path, config, GgufTokenizer.Read(file.Metadata).Read(path), new GgufWeights(file, config), [path], [path], layers,
            randomSeed);
    }

    private static Backbone LoadFolder(string path, int? layers, int? randomSeed)
    {
        var config = BackboneConfigFile.Read(Path.Combine(path, "config.json"));
        var (weights, files) = Weights(path);
        return Of(path, config, TextTokenizer.Load(path), weights, files, [Path.Combine(path, "config.json"), .. files], layers,
            randomSeed);
    }

    private static Backbone Of(string path, BackboneConfig config, TextTokenizer tokenizer, ITensorFile weights, string[] files,
        string[] hashed, int? layers, int? randomSeed)
    {
        if (layers < 1 || layers > config.Layers)
            throw new InvalidDataException(
                $"{weights.Source} has {config.Layers} layers, {layers} were asked for; give a number from 1 to {config.Layers}, or "
                    + "leave it out to take all.");
        var hash = ContentHash(hashed, layers < config.Layers ? layers : null, randomSeed);
        return new Backbone(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))),
            config with { Layers = layers ?? config.Layers }, tokenizer, weights, hash, files, randomSeed);
    }

    /// <summary>The weight [out, in] of a linear layer.</summary>
    public Tensor Linear(int layer, LoraTarget target) => Read(BackboneTensor.Linear(layer, target));

    /// <summary>The bias [out] of a linear layer; null where the family has none.</summary>
    public Tensor? Bias(int layer, LoraTarget target) => Config.HasBias(target) ? Read(BackboneTensor.Bias(layer, target)) : null;

    /// <summary>The norm [d] that each head of q or k goes through; null where the family has none.</summary>
    public Tensor? HeadNorm(int layer, LoraTarget target) =>
        Config.HasHeadNorm(target) ? Read(BackboneTensor.HeadNorm(layer, target)) : null;

    /// <summary>The norm [H] before attention.</summary>
    public Tensor InputNorm(int layer) => Read(BackboneTensor.InputNorm(layer));

    /// <summary>The norm [H] before the feed-forward network.</summary>
    public Tensor PostNorm(int layer) => Read(BackboneTensor.PostNorm(layer));

    /// <summary>Reads one of the tensors of <see cref="BackboneTensor.All"/> by its name.</summary>
    public Tensor Read(string name)
    {
        CheckShape(tensors[name]);
        return weights.Read(name);
    }

    /// <summary>Reads consecutive rows of a matrix among <see cref="BackboneTensor.All"/>, without reading the other rows.</summary>
    /// <param name="name">The matrix's name.</param>
    /// <param name="first">The index of the first row.</param>
    /// <param name="into">Receives the rows; its length is a multiple of the row length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The matrix has no such rows.</exception>
    public void ReadRows(string name, int first, Span<float> into) => weights.ReadRows(name, first, into);

    private static (ITensorFile Weights, string[] Files) Weights(string path)
    {
        if (!File.Exists(Path.Combine(path, Index)))
            return (SafetensorsFile.Open(Path.Combine(path, "model.safetensors")), [Path.Combine(path, "model.safetensors")]);
        var shards = SafetensorsShards.Open(Path.Combine(path, Index));
        return (shards, [.. shards.Files]);
    }

    private void CheckShapes()
    {
        if (Tokenizer.Vocabulary > Config.Vocabulary)
            throw new InvalidDataException(
                $"{weights.Source}: the tokenizer has ids up to {Tokenizer.Vocabulary - 1}, config.json says "
                    + $"vocab_size {Config.Vocabulary}; they belong to different models.");
        foreach (var tensor in BackboneTensor.All(Config))
            CheckShape(tensor);
    }

    private void CheckShape(BackboneTensor tensor)
    {
        var shape = weights.Shape(tensor.Name);
        if (!shape.SequenceEqual(tensor.Shape))
            throw new InvalidDataException(
                $"{weights.Source}: tensor '{tensor.Name}' is [{string.Join(", ", shape)}], config.json asks for "
                    + $"[{string.Join(", ", tensor.Shape)}].");
    }

    private BackboneSummary Summarise(long bytes, int? randomSeed)
    {
        var types = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var tensor in BackboneTensor.All(Config))
        {
            var type = weights.Type(tensor.Name);
            types[type] = types.GetValueOrDefault(type) + tensor.Shape.Aggregate(1L, (product, size) => product * size);
        }
        return new BackboneSummary(Config, types.Values.Sum(), [.. types.OrderByDescending(type => type.Value).Select(type => type.Key)],
            bytes, randomSeed);
    }

    // A truncated or random model gets another hash; the complete trained model keeps the hash of its files alone.
    private static string ContentHash(IEnumerable<string> files, int? layers, int? randomSeed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }
        if (layers is { } taken)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"layers {taken}")));
        if (randomSeed is { } seed)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"random weights {seed}")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
