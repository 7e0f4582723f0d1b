using System.Globalization;
using System.Text.Json;
using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>The fields of PEFT's <c>adapter_config.json</c> that determine how the LoRA factors are applied.</summary>
/// <param name="Rank">r</param>
/// <param name="Alpha"><c>lora_alpha</c>, times sqrt(r) with <c>use_rslora</c>: the correction is scaled by Alpha / r.</param>
/// <param name="Modules">The modules that are adapted.</param>
internal sealed record PeftConfig(int Rank, float Alpha, PeftModules Modules)
{
    private const int MaxBytes = 1 << 20;

    /// <summary>PEFT's default for both <c>r</c> and <c>lora_alpha</c> (peft/tuners/lora/config.py).</summary>
    private const int PeftDefault = 8;

    /// <summary>The adapter's shape.</summary>
    /// <param name="experts">K</param>
    /// <param name="layers">The number of decoder layers in the file of factors.</param>
    /// <exception cref="InvalidDataException">The adapted modules are not the same in each of these layers.</exception>
    public AdapterShape Shape(int experts, int layers) => new(experts, Rank, Alpha, Modules.TargetsIn(layers));

    public static PeftConfig Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaxBytes)
            throw new InvalidDataException(
                $"{path} {(file.Exists ? $"has {file.Length} bytes, at most {MaxBytes} are expected" : "does not exist")}; an adapter "
                    + "is a folder with adapter_config.json and adapter_model.safetensors.");
        try
        {
            using var json =
                JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return Read(json.RootElement, path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is not a valid adapter_config.json: {error.Message}", error);
        }
    }

    private static PeftConfig Read(JsonElement root, string path)
    {
        PeftFields.RefuseUnsupported(root, path);
        var (r, alpha) = (Number(root, "r", path), Number(root, "lora_alpha", path));
        var rank = (int)r;
        if (r is not (>= 1 and <= 65_536) || rank != r || alpha is not (> 0 and < 1e6))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: r is {r} and lora_alpha {alpha}; expected an integer r of 1 to 65536 and a positive lora_alpha below 1e6."));
        // The scale is alpha / r, rank-stabilised alpha / sqrt(r) (arXiv 2312.03732).
        var rootOfRank =
            root.TryGetProperty("use_rslora", out var stabilised) && stabilised.ValueKind is JsonValueKind.True ? Math.Sqrt(rank) : 1;
        return new PeftConfig(rank, (float)(alpha * rootOfRank), PeftModules.Read(root, path));
    }

    /// <summary>A number; PEFT's default where the field is absent. PEFT itself fails where it is null.</summary>
    private static double Number(JsonElement root, string name, string path)
    {
        if (!root.TryGetProperty(name, out var value))
            return PeftDefault;
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw new InvalidDataException(
            $"{path}: {name} is {value.GetRawText()}, a number is needed; write the one that the adapter was trained with (PEFT's "
                + $"default is {PeftDefault}).");
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
