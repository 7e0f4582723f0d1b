using System.Security.Cryptography;
using ILoRA.Streaming.Model.Tensors;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// A frozen language model as a Hugging Face folder holds it: configuration, weights, tokenizer. Tensors are converted to float32 as they are
/// asked for and not kept, so that an implementation holds its own copy only.
/// </summary>
public sealed class Backbone
{
    private readonly SafetensorsFile weights;
    private readonly Lazy<Tensor> embedding;

    private Backbone(BackboneConfig config, TextTokenizer tokenizer, SafetensorsFile weights, string hash)
    {
        Config = config;
        Tokenizer = tokenizer;
        Hash = hash;
        this.weights = weights;
        embedding = new Lazy<Tensor>(() => Read("model.embed_tokens.weight", config.Vocabulary, config.Hidden));
    }

    public BackboneConfig Config { get; }

    public TextTokenizer Tokenizer { get; }

    /// <summary>sha256 (lower-case hexadecimal) of config.json and the weights: what an adapter was trained on.</summary>
    public string Hash { get; }

    /// <summary>[V, H]</summary>
    public Tensor Embedding => embedding.Value;

    /// <summary>[H]</summary>
    public Tensor FinalNorm => Read("model.norm.weight", Config.Hidden);

    /// <summary>The output projection [V, H]; the embedding table where the model is tied.</summary>
    public Tensor Output => Config.Tied ? Embedding : Read("lm_head.weight", Config.Vocabulary, Config.Hidden);

    /// <param name="path">A folder with config.json, model.safetensors and tokenizer.json.</param>
    /// <exception cref="InvalidDataException">A file is missing, broken or not supported; the message says which and why.</exception>
    public static Backbone Load(string path)
    {
        if (!Directory.Exists(path))
            throw new InvalidDataException($"{path} is no folder; a backbone is a Hugging Face folder with config.json, model.safetensors and tokenizer.json.");
        var config = BackboneConfigFile.Read(Path.Combine(path, "config.json"));
        if (File.Exists(Path.Combine(path, "model.safetensors.index.json")))
            throw new InvalidDataException($"{path} holds its weights in shards, which are not supported; supported: one model.safetensors.");
        var weights = SafetensorsFile.Open(Path.Combine(path, "model.safetensors"));
        var backbone = new Backbone(config, TextTokenizer.Load(path), weights, ContentHash(path));
        backbone.CheckShapes();
        return backbone;
    }

    /// <summary>The weight [out, in] of a linear layer.</summary>
    public Tensor Linear(int layer, LoraTarget target) => Read(LinearName(layer, target), Config.OutputWidth(target), Config.InputWidth(target));

    /// <summary>The norm [H] before attention.</summary>
    public Tensor InputNorm(int layer) => Read($"model.layers.{layer}.input_layernorm.weight", Config.Hidden);

    /// <summary>The norm [H] before the feed-forward part.</summary>
    public Tensor PostNorm(int layer) => Read($"model.layers.{layer}.post_attention_layernorm.weight", Config.Hidden);

    /// <summary>The name of a linear layer's weight in a Hugging Face file.</summary>
    public static string LinearName(int layer, LoraTarget target) => $"model.layers.{layer}.{LoraTargets.ModuleOf(target)}.weight";

    private void CheckShapes()
    {
        if (Tokenizer.Vocabulary > Config.Vocabulary)
            throw new InvalidDataException($"{weights.Source}: the tokenizer has ids up to {Tokenizer.Vocabulary - 1}, config.json says vocab_size {Config.Vocabulary}; they belong to different models.");
        CheckShape("model.embed_tokens.weight", Config.Vocabulary, Config.Hidden);
        CheckShape("model.norm.weight", Config.Hidden);
        if (!Config.Tied)
            CheckShape("lm_head.weight", Config.Vocabulary, Config.Hidden);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            CheckShape($"model.layers.{layer}.input_layernorm.weight", Config.Hidden);
            CheckShape($"model.layers.{layer}.post_attention_layernorm.weight", Config.Hidden);
            foreach (var target in Enum.GetValues<LoraTarget>())
                CheckShape(LinearName(layer, target), Config.OutputWidth(target), Config.InputWidth(target));
        }
    }

    private void CheckShape(string name, params int[] shape)
    {
        if (!weights.Shape(name).SequenceEqual(shape))
            throw new InvalidDataException($"{weights.Source}: tensor '{name}' is [{string.Join(", ", weights.Shape(name))}], config.json asks for [{string.Join(", ", shape)}].");
    }

    private Tensor Read(string name, params int[] shape)
    {
        CheckShape(name, shape);
        return weights.Read(name);
    }

    private static string ContentHash(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (string[])["config.json", "model.safetensors"])
        {
            using var stream = File.OpenRead(Path.Combine(path, file));
            hash.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
