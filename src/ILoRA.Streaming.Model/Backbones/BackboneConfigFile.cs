using System.Text.Json;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Reads and writes a Hugging Face <c>config.json</c> of a supported family.</summary>
internal static class BackboneConfigFile
{
    private const int MaxBytes = 1 << 20;
    private const int MaxSize = 1 << 20;

    private static readonly string[] Supported = ["llama"];

    /// <exception cref="InvalidDataException">The file is broken, of another family or inconsistent.</exception>
    public static BackboneConfig Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InvalidDataException($"{path} does not exist; a backbone is a folder with config.json, model.safetensors and tokenizer.json.");
        if (file.Length > MaxBytes)
            throw new InvalidDataException($"{path} has {file.Length} bytes; a config.json has at most {MaxBytes}.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 32 });
            return Checked(Parse(json.RootElement, path), path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{path} is no valid config.json: {error.Message}", error);
        }
    }

    public static byte[] Write(BackboneConfig config)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("LlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", config.Family);
            json.WriteNumber("hidden_size", config.Hidden);
            json.WriteNumber("intermediate_size", config.FeedForward);
            json.WriteNumber("num_hidden_layers", config.Layers);
            json.WriteNumber("num_attention_heads", config.Heads);
            json.WriteNumber("num_key_value_heads", config.KvHeads);
            json.WriteNumber("head_dim", config.HeadSize);
            json.WriteNumber("vocab_size", config.Vocabulary);
            json.WriteNumber("rms_norm_eps", config.NormEpsilon);
            json.WriteNumber("rope_theta", config.RopeTheta);
            json.WriteNumber("max_position_embeddings", config.MaxPositions);
            json.WriteBoolean("tie_word_embeddings", config.Tied);
            json.WriteString("hidden_act", "silu");
            json.WriteBoolean("attention_bias", false);
            json.WriteBoolean("mlp_bias", false);
            json.WriteNumber("bos_token_id", 0);
            json.WriteNumber("eos_token_id", 0);
            json.WriteString("torch_dtype", "float32");
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static BackboneConfig Parse(JsonElement json, string path)
    {
        var family = json.TryGetProperty("model_type", out var type) ? type.GetString() ?? "" : "";
        if (!Supported.Contains(family))
            throw new InvalidDataException($"{path}: model_type '{family}' is not supported; supported: {string.Join(", ", Supported)}.");
        foreach (var bias in (string[])["attention_bias", "mlp_bias"])
            if (json.TryGetProperty(bias, out var set) && set.ValueKind == JsonValueKind.True)
                throw new InvalidDataException($"{path}: {bias} is true; a {family} backbone without biases is supported.");
        var hidden = Number(json, "hidden_size");
        var heads = Number(json, "num_attention_heads");
        return new BackboneConfig
        {
            Family = family,
            Layers = Number(json, "num_hidden_layers"),
            Hidden = hidden,
            Heads = heads,
            KvHeads = Number(json, "num_key_value_heads", heads),
            HeadSize = Number(json, "head_dim", heads > 0 ? hidden / heads : 0),
            FeedForward = Number(json, "intermediate_size"),
            Vocabulary = Number(json, "vocab_size"),
            MaxPositions = Number(json, "max_position_embeddings"),
            NormEpsilon = json.GetProperty("rms_norm_eps").GetSingle(),
            RopeTheta = json.TryGetProperty("rope_theta", out var theta) ? theta.GetDouble() : 10_000,
            RopeScaling = Scaling(json, path),
            Tied = json.TryGetProperty("tie_word_embeddings", out var tied) && tied.GetBoolean(),
        };
    }

    private static RopeScaling? Scaling(JsonElement json, string path)
    {
        if (!json.TryGetProperty("rope_scaling", out var scaling) || scaling.ValueKind == JsonValueKind.Null)
            return null;
        var type = scaling.TryGetProperty("rope_type", out var name) ? name.GetString() : null;
        if (type != "llama3")
            throw new InvalidDataException($"{path}: rope_scaling of type '{type}' is not supported; supported: llama3.");
        return new RopeScaling(
            scaling.GetProperty("factor").GetDouble(),
            scaling.GetProperty("low_freq_factor").GetDouble(),
            scaling.GetProperty("high_freq_factor").GetDouble(),
            scaling.GetProperty("original_max_position_embeddings").GetInt32());
    }

    private static int Number(JsonElement json, string name, int? otherwise = null)
    {
        if (json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            return value.GetInt32();
        return otherwise ?? throw new FormatException($"'{name}' is missing");
    }

    private static BackboneConfig Checked(BackboneConfig config, string path)
    {
        (string Name, int Value)[] sizes =
        [
            ("num_hidden_layers", config.Layers), ("hidden_size", config.Hidden), ("num_attention_heads", config.Heads),
            ("num_key_value_heads", config.KvHeads), ("head_dim", config.HeadSize), ("intermediate_size", config.FeedForward),
            ("vocab_size", config.Vocabulary), ("max_position_embeddings", config.MaxPositions),
        ];
        foreach (var (name, value) in sizes)
            if (value is < 1 or > MaxSize)
                throw new InvalidDataException($"{path}: {name} is {value}; expected 1 to {MaxSize}.");
        if (config.Heads % config.KvHeads != 0 || config.HeadSize % 2 != 0)
            throw new InvalidDataException($"{path}: {config.Heads} heads of size {config.HeadSize} over {config.KvHeads} key-value heads do not divide evenly.");
        if (!(config.NormEpsilon > 0) || !(config.RopeTheta > 1) || !double.IsFinite(config.RopeTheta))
            throw new InvalidDataException($"{path}: rms_norm_eps {config.NormEpsilon} and rope_theta {config.RopeTheta} must be positive numbers.");
        return config;
    }
}
