using System.Text.Json;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>Reads and writes a Hugging Face <c>config.json</c> of a supported family.</summary>
internal static class BackboneConfigFile
{
    private const int MaxBytes = 1 << 20;
    private const int MaxSize = 1 << 20;
    private const int MaxHeadSize = 1024;

    // Rotary tables have a row for each position. Prompts have a few hundred tokens, but Llama 3 declares 131,072 positions.
    private const int LongestPrompt = 8192;

    /// <exception cref="InvalidDataException">The file is broken, of another family or inconsistent.</exception>
    public static BackboneConfig Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InvalidDataException(
                $"{path} does not exist; a backbone is a folder with config.json, model.safetensors (or shards with an index) and "
                    + "tokenizer.json.");
        if (file.Length > MaxBytes)
            throw new InvalidDataException($"{path} has {file.Length} bytes; a config.json has at most {MaxBytes}.");
        try
        {
            using var json =
                JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            return Checked(Parse(json.RootElement, path), path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is no valid config.json: {error.Message}", error);
        }
    }

    /// <summary>
    /// The greatest length of a prompt, in tokens. It is at most the sliding window: up to that length, attention with and without the
    /// window is the same, so the window needs no implementation.
    /// </summary>
    /// <param name="declared">The number of positions that the model declares.</param>
    /// <param name="window">The sliding window in positions; 0 where there is none.</param>
    public static int Positions(int declared, int window) =>
        Math.Min(Math.Min(LongestPrompt, declared), window > 0 ? window : LongestPrompt);

    public static byte[] Write(BackboneConfig config)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue(BackboneFamily.Of(config.Family, "config").Architecture);
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
            WriteScaling(json, config.RopeScaling);
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

    private static void WriteScaling(Utf8JsonWriter json, RopeScaling? scaling)
    {
        if (scaling is null)
            return;
        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", "llama3");
        json.WriteNumber("factor", scaling.Factor);
        json.WriteNumber("low_freq_factor", scaling.LowFrequencyFactor);
        json.WriteNumber("high_freq_factor", scaling.HighFrequencyFactor);
        json.WriteNumber("original_max_position_embeddings", scaling.OriginalMaxPositions);
        json.WriteEndObject();
    }

    private static BackboneConfig Parse(JsonElement json, string path)
    {
        var family = BackboneFamily.Of(json.TryGetProperty("model_type", out var type) ? type.GetString() ?? "" : "", path);
        if (Member(json, "quantization_config") is { } quantised)
            throw new InvalidDataException(
                $"{path}: weights quantised by '{Member(quantised, "quant_method")}' are not supported; supported: F32, F16 and BF16, "
                    + "or the model as a GGUF file.");
        if (Member(json, "hidden_act") is { } activation && activation.GetString() != "silu")
            throw new InvalidDataException($"{path}: hidden_act '{activation}' is not supported; supported: silu.");
        foreach (var bias in (string[])["attention_bias", "mlp_bias"])
            if (Member(json, bias) is { } set && set.GetBoolean())
                throw new InvalidDataException(
                    $"{path}: {bias} is true; supported: the biases that {family.Name} always has, and no other.");
        // transformers 5 writes rope_theta and the scaling into one object.
        var rope = Member(json, "rope_parameters");
        var hidden = Number(json, "hidden_size");
        var heads = Number(json, "num_attention_heads");
        return new BackboneConfig
        {
            Family = family.Name,
            Layers = Number(json, "num_hidden_layers"),
            Hidden = hidden,
            Heads = heads,
            KvHeads = Number(json, "num_key_value_heads", heads),
            HeadSize = Number(json, "head_dim", heads > 0 ? hidden / heads : 0),
            FeedForward = Number(json, "intermediate_size"),
            Vocabulary = Number(json, "vocab_size"),
            MaxPositions = Positions(Number(json, "max_position_embeddings"), Window(json, family)),
            NormEpsilon = json.GetProperty("rms_norm_eps").GetSingle(),
            RopeTheta = ((rope is { } both ? Member(both, "rope_theta") : null) ?? Member(json, "rope_theta"))?.GetDouble() ?? 10_000,
            RopeScaling = (rope ?? Member(json, "rope_scaling")) is { } scaling ? Scaling(scaling, path) : null,
            Tied = Member(json, "tie_word_embeddings")?.GetBoolean() ?? false,
        };
    }

    private static int Window(JsonElement json, BackboneFamily family) =>
        family.WindowByFlag && Member(json, "use_sliding_window")?.GetBoolean() is not true ? 0 : Number(json, "sliding_window", 0);

    private static RopeScaling? Scaling(JsonElement scaling, string path)
    {
        var type = scaling.TryGetProperty("rope_type", out var name) || scaling.TryGetProperty("type", out name) ? name.GetString() : null;
        if (type == "default")
            return null;
        if (type != "llama3")
            throw new InvalidDataException($"{path}: rope scaling of type '{type}' is not supported; supported: default, llama3.");
        return new RopeScaling(
            scaling.GetProperty("factor").GetDouble(),
            scaling.GetProperty("low_freq_factor").GetDouble(),
            scaling.GetProperty("high_freq_factor").GetDouble(),
            scaling.GetProperty("original_max_position_embeddings").GetInt32());
    }

    private static int Number(JsonElement json, string name, int? otherwise = null) =>
        Member(json, name)?.GetInt32() ?? otherwise ?? throw new FormatException($"'{name}' is missing");

    private static JsonElement? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Returns the configuration after checking that its sizes are possible and consistent.</summary>
    /// <exception cref="InvalidDataException">They are not; the message names the value.</exception>
    public static BackboneConfig Checked(BackboneConfig config, string path)
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
        if (config.HeadSize > MaxHeadSize || (long)config.Heads * config.HeadSize > MaxSize)
            throw new InvalidDataException(
                $"{path}: {config.Heads} heads of size {config.HeadSize} are too many; head_dim is at most {MaxHeadSize}, all heads "
                    + $"together {MaxSize}.");
        if (config.Heads % config.KvHeads != 0 || config.HeadSize % 2 != 0)
            throw new InvalidDataException(
                $"{path}: {config.Heads} heads of size {config.HeadSize} over {config.KvHeads} key-value heads do not divide evenly.");
        if (config.RopeScaling is { } scaling && !(scaling.Factor is >= 1 and < 1e6 && scaling.LowFrequencyFactor is > 0 and < 1e6
            && scaling.HighFrequencyFactor > scaling.LowFrequencyFactor && scaling.HighFrequencyFactor < 1e6
            && scaling.OriginalMaxPositions is >= 1 and <= MaxSize))
            throw new InvalidDataException(
                $"{path}: {scaling} is no llama3 scaling; factors must be positive and high_freq_factor above low_freq_factor.");
        if (config.NormEpsilon is not (> 0 and < 1) || config.RopeTheta is not (> 1 and < 1e12))
            throw new InvalidDataException(
                $"{path}: rms_norm_eps {config.NormEpsilon} and rope_theta {config.RopeTheta} must be positive numbers.");
        return config;
    }
}
