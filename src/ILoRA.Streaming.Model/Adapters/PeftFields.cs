using System.Text.Json;

namespace ILoRA.Streaming.Model.Adapters;

/// <summary>
/// Which fields of <c>adapter_config.json</c> may say what. Most fields change what the factors mean, and later versions of PEFT add more, so a field
/// that is not listed here may only ask for nothing (null, false, empty): passed over it would give other scores than PEFT's, silently.
/// </summary>
internal static class PeftFields
{
    private const int MaxShown = 80;

    /// <summary>Read elsewhere, said for people and tools, used in training alone, or without effect unless a field that is refused goes with them.</summary>
    private static readonly HashSet<string> AnyValue = new(StringComparer.Ordinal)
    {
        "r", "lora_alpha", "target_modules", "exclude_modules",
        "base_model_name_or_path", "revision", "peft_version", "auto_mapping", "inference_mode", "lora_dropout", "runtime_config", "megatron_core", "qalora_group_size",
    };

    /// <summary>Values other than nothing that leave plain LoRA as it is, as JSON. The initialisations listed leave the backbone's weights alone.</summary>
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
        ["init_lora_weights"] = "PEFT changes the backbone's weights with it; save the adapter as a plain LoRA (save_pretrained with path_initial_model_for_weight_conversion) and import that",
        ["modules_to_save"] = "whole modules were trained beside the LoRA; train without it",
        ["trainable_token_indices"] = "rows of the embedding were trained beside the LoRA; train without it",
        ["peft_type"] = "only LORA adapters can be imported",
        ["task_type"] = "only CAUSAL_LM adapters can be imported",
    };

    /// <exception cref="InvalidDataException">A field asks for what is not supported; the message names it and its value.</exception>
    public static void RefuseUnsupported(JsonElement root, string path)
    {
        foreach (var field in root.EnumerateObject())
            if (!AnyValue.Contains(field.Name) && !IsNothing(field.Value) && !IsAllowed(field))
                throw new InvalidDataException($"{path}: {field.Name} {Shown(field.Value)} is not supported; {Remedies.GetValueOrDefault(field.Name, "supported is plain LoRA of one rank, the same modules in every layer")}.");
    }

    public static string Shown(JsonElement value)
    {
        var text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= MaxShown ? text : $"{text[..MaxShown]}...";
    }

    private static bool IsAllowed(JsonProperty field) =>
        Allowed.TryGetValue(field.Name, out var allowed) && allowed.Contains(field.Value.ValueKind is JsonValueKind.String ? $"\"{field.Value.GetString()}\"" : field.Value.GetRawText());

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
