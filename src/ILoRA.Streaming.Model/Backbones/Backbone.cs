using System.Security.Cryptography;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// A frozen language model as a Hugging Face folder holds it: configuration, weights, tokenizer. Tensors are converted to float32 as they are
/// asked for and not kept, so that an implementation holds its own copy only.
/// </summary>
public sealed class Backbone
{
    private const string Index = "model.safetensors.index.json";

    private readonly ITensorFile weights;
    private readonly Dictionary<string, BackboneTensor> tensors;
    private readonly Lazy<Tensor> embedding;

    private Backbone(BackboneConfig config, TextTokenizer tokenizer, ITensorFile weights, string hash)
    {
        Config = config;
        Tokenizer = tokenizer;
        Hash = hash;
        this.weights = weights;
        CheckShapes();
        tensors = BackboneTensor.All(config).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        embedding = new Lazy<Tensor>(() => Read(BackboneTensor.Embedding));
    }

    public BackboneConfig Config { get; }

    public TextTokenizer Tokenizer { get; }

    /// <summary>sha256 (lower-case hexadecimal) of config.json and the weights: what an adapter was trained on.</summary>
    public string Hash { get; }

    /// <summary>[V, H]</summary>
    public Tensor Embedding => embedding.Value;

    /// <summary>[H]</summary>
    public Tensor FinalNorm => Read(BackboneTensor.FinalNorm);

    /// <summary>The output projection [V, H]; the embedding table where the model is tied.</summary>
    public Tensor Output => Config.Tied ? Embedding : Read(BackboneTensor.Output);

    /// <param name="path">A folder with config.json, model.safetensors (or shards and their index) and tokenizer.json.</param>
    /// <exception cref="InvalidDataException">A file is missing, broken or not supported; the message says which and why.</exception>
    public static Backbone Load(string path)
    {
        if (!Directory.Exists(path))
            throw new InvalidDataException($"{path} is no folder; a backbone is a Hugging Face folder with config.json, model.safetensors and tokenizer.json.");
        var config = BackboneConfigFile.Read(Path.Combine(path, "config.json"));
        var (weights, files) = Weights(path);
        return new Backbone(config, TextTokenizer.Load(path), weights, ContentHash([Path.Combine(path, "config.json"), .. files]));
    }

    /// <summary>The weight [out, in] of a linear layer.</summary>
    public Tensor Linear(int layer, LoraTarget target) => Read(BackboneTensor.Linear(layer, target));

    /// <summary>The bias [out] of a linear layer; null where the family has none.</summary>
    public Tensor? Bias(int layer, LoraTarget target) => Config.HasBias(target) ? Read(BackboneTensor.Bias(layer, target)) : null;

    /// <summary>The norm [d] of each head of q or k; null where the family has none.</summary>
    public Tensor? HeadNorm(int layer, LoraTarget target) => Config.HasHeadNorm(target) ? Read(BackboneTensor.HeadNorm(layer, target)) : null;

    /// <summary>The norm [H] before attention.</summary>
    public Tensor InputNorm(int layer) => Read(BackboneTensor.InputNorm(layer));

    /// <summary>The norm [H] before the feed-forward part.</summary>
    public Tensor PostNorm(int layer) => Read(BackboneTensor.PostNorm(layer));

    /// <summary>One of <see cref="BackboneTensor.All"/>, by its name.</summary>
    public Tensor Read(string name)
    {
        CheckShape(tensors[name]);
        return weights.Read(name);
    }

    private static (ITensorFile Weights, IEnumerable<string> Files) Weights(string path)
    {
        if (!File.Exists(Path.Combine(path, Index)))
            return (SafetensorsFile.Open(Path.Combine(path, "model.safetensors")), [Path.Combine(path, "model.safetensors")]);
        var shards = SafetensorsShards.Open(Path.Combine(path, Index));
        return (shards, shards.Files);
    }

    private void CheckShapes()
    {
        if (Tokenizer.Vocabulary > Config.Vocabulary)
            throw new InvalidDataException($"{weights.Source}: the tokenizer has ids up to {Tokenizer.Vocabulary - 1}, config.json says vocab_size {Config.Vocabulary}; they belong to different models.");
        foreach (var tensor in BackboneTensor.All(Config))
            CheckShape(tensor);
    }

    private void CheckShape(BackboneTensor tensor)
    {
        var shape = weights.Shape(tensor.Name);
        if (!shape.SequenceEqual(tensor.Shape))
            throw new InvalidDataException($"{weights.Source}: tensor '{tensor.Name}' is [{string.Join(", ", shape)}], config.json asks for [{string.Join(", ", tensor.Shape)}].");
    }

    private static string ContentHash(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
