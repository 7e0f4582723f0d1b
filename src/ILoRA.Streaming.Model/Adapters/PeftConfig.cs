using System.Globalization;
using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>PEFT's <c>adapter_config.json</c>, as far as it says what the factors mean.</summary>
/// <param name="Rank">r</param>
/// <param name="Alpha">What divided by the rank scales the correction: <c>lora_alpha</c>, times the root of the rank with <c>use_rslora</c>.</param>
/// <param name="Modules">Which modules the factors belong to.</param>
internal sealed record PeftConfig(int Rank, float Alpha, PeftModules Modules)
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Of <c>r</c> and of <c>lora_alpha</c> (peft/tuners/lora/config.py).</summary>
    private const int PeftDefault = 8;

    /// <param name="experts">K</param>
    /// <param name="layers">The layers that the factors' file holds.</param>
    /// <exception cref="InvalidDataException">The adapted modules are not the same in each of these layers.</exception>
    public AdapterShape Shape(int experts, int layers) => new(experts, Rank, Alpha, Modules.In(layers));

    public static PeftConfig Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaxBytes)
            throw new InvalidDataException($"{path} {(file.Exists ? $"has {file.Length} bytes, at most {MaxBytes} are expected" : "does not exist")}; an adapter is a folder with adapter_config.json and adapter_model.safetensors.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return Read(json.RootElement, path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is no valid adapter_config.json: {error.Message}", error);
        }
    }

    private static PeftConfig Read(JsonElement root, string path)
    {
        PeftFields.RefuseUnsupported(root, path);
        var (r, alpha) = (Number(root, "r", path), Number(root, "lora_alpha", path));
        var rank = (int)r;
        if (r is not (>= 1 and <= 65_536) || rank != r || alpha is not (> 0 and < 1e6))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: r {r} and lora_alpha {alpha} do not make an adapter."));
        // The scale is alpha / r, rank-stabilised alpha / sqrt(r) (arXiv 2312.03732).
        var rootOfRank = root.TryGetProperty("use_rslora", out var stabilised) && stabilised.ValueKind is JsonValueKind.True ? Math.Sqrt(rank) : 1;
        return new PeftConfig(rank, (float)(alpha * rootOfRank), PeftModules.Read(root, path));
    }

    /// <summary>A field that is absent has PEFT's default; PEFT itself fails on one that is null.</summary>
    private static double Number(JsonElement root, string name, string path)
    {
        if (!root.TryGetProperty(name, out var value))
            return PeftDefault;
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw new InvalidDataException(
            $"{path}: {name} is {value.GetRawText()}, a number is needed; write the one that the adapter was trained with (PEFT's default is {PeftDefault}).");
    }

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
