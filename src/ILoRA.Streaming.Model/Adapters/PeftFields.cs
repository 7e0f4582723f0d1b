using System.Text.Json;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>
/// Checks that the fields of <c>adapter_config.json</c> have supported values. Most fields change how the factors are applied, and later
/// versions of PEFT add more, so a field that is not listed here must be unset (null, false or empty): ignoring it would give scores that
/// differ from PEFT's.
/// </summary>
internal static class PeftFields
{
    private const int MaxShown = 80;

    /// <summary>
    /// Fields that are read elsewhere, are informative only, matter in training only, or have an effect only together with a refused field.
    /// </summary>
    private static readonly HashSet<string> AnyValue = new(StringComparer.Ordinal)
    {
        "r", "lora_alpha", "target_modules", "exclude_modules",
        "base_model_name_or_path", "revision", "peft_version", "auto_mapping", "inference_mode", "lora_dropout", "runtime_config",
        "megatron_core", "qalora_group_size",
    };

    /// <summary>Supported values of other fields, as JSON. The listed initialisations do not change the backbone's weights.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["peft_type"] = ["\"LORA\""],
        ["task_type"] = ["\"CAUSAL_LM\""],
        ["bias"] = ["\"none\""],
        ["use_rslora"] = ["true"],
        ["init_lora_weights"] = ["true", "\"gaussian\"", "\"orthogonal\""],
    };

    private static readonly Dictionary<string, string> Remedies = new(StringComparer.Ordinal)
    {
        ["init_lora_weights"] =
            "PEFT changes the backbone's weights with it; save the adapter as a plain LoRA (save_pretrained with "
                + "path_initial_model_for_weight_conversion) and import that",
        ["modules_to_save"] = "whole modules were trained beside the LoRA; train without it",
        ["trainable_token_indices"] = "rows of the embedding were trained beside the LoRA; train without it",
        ["peft_type"] = "only LORA adapters can be imported",
        ["task_type"] = "only CAUSAL_LM adapters can be imported",
    };

    /// <summary>Throws where a field has a value that is not supported.</summary>
    /// <exception cref="InvalidDataException">A value is not supported; the message names the field and the value.</exception>
    public static void RefuseUnsupported(JsonElement root, string path)
    {
        foreach (var field in root.EnumerateObject())
            if (!AnyValue.Contains(field.Name) && !IsUnset(field.Value) && !IsAllowed(field))
            {
                var remedy = Remedies.GetValueOrDefault(field.Name, "supported is plain LoRA of one rank, the same modules in every layer");
                throw new InvalidDataException($"{path}: {field.Name} {Shown(field.Value)} is not supported; {remedy}.");
            }
    }

    public static string Shown(JsonElement value)
    {
        var text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= MaxShown ? text : $"{text[..MaxShown]}...";
    }

    private static bool IsAllowed(JsonProperty field) =>
        Allowed.TryGetValue(field.Name, out var allowed)
            && allowed.Contains(
                field.Value.ValueKind is JsonValueKind.String ? $"\"{field.Value.GetString()}\"" : field.Value.GetRawText());

    private static bool IsUnset(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
