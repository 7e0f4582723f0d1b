using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>PEFT's <c>adapter_config.json</c>.</summary>
internal sealed record PeftConfig(int Rank, float Alpha, IReadOnlyList<LoraTarget> Targets)
{
    private const int MaxBytes = 1 << 20;

    public AdapterShape Shape(int experts) => new(experts, Rank, Alpha, Targets);

    public static PeftConfig Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaxBytes)
            throw new InvalidDataException($"{path} {(file.Exists ? $"has {file.Length} bytes, at most {MaxBytes} are expected" : "does not exist")}; an adapter is a folder with adapter_config.json and adapter_model.safetensors.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var root = json.RootElement;
            RefuseUnsupported(root, path);
            var targets = root.GetProperty("target_modules").EnumerateArray().Select(name => LoraTargets.Parse(name.GetString() ?? "")).Distinct().Order().ToArray();
            var rank = root.GetProperty("r").GetInt32();
            var alpha = root.GetProperty("lora_alpha").GetSingle();
            return rank is >= 1 and <= 65_536 && alpha is > 0 and < 1e6f && targets.Length > 0
                ? new PeftConfig(rank, alpha, targets)
                : throw new InvalidDataException($"{path}: r {rank}, lora_alpha {alpha} and {targets.Length} target modules do not make an adapter.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is no valid adapter_config.json: {error.Message}", error);
        }
    }

    // Each of these changes what the factors mean; passing over one would give other numbers than PEFT, silently.
    private static void RefuseUnsupported(JsonElement root, string path)
    {
        foreach (var name in (string[])["use_rslora", "use_dora", "fan_in_fan_out", "lora_bias", "rank_pattern", "alpha_pattern", "modules_to_save", "layers_to_transform", "exclude_modules"])
            if (root.TryGetProperty(name, out var value) && !IsNothing(value))
                throw new InvalidDataException($"{path}: {name} is not supported; supported: plain LoRA of one rank on whole layers.");
        if (root.TryGetProperty("bias", out var bias) && bias.GetString() != "none")
            throw new InvalidDataException($"{path}: bias '{bias}' is not supported; supported: none.");
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    public static byte[] Write(AdapterShape shape, string backbone)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", "LORA");
            json.WriteString("task_type", "CAUSAL_LM");
            json.WriteString("base_model_name_or_path", backbone);
            json.WriteNumber("r", shape.Rank);
            json.WriteNumber("lora_alpha", shape.Alpha);
            json.WriteNumber("lora_dropout", 0.0);
            json.WriteString("bias", "none");
            json.WriteBoolean("inference_mode", true);
            json.WriteStartArray("target_modules");
            foreach (var target in shape.Targets)
                json.WriteStringValue(LoraTargets.PeftName(target));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
