namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// A family of decoder models (Llama, Mistral, Qwen2, Qwen3) and how it differs from the others. The reference, LibTorch and ONNX
/// implementations and both file formats take the differences from here, so a family is added by an entry of <see cref="All"/>.
/// </summary>
/// <param name="Name"><c>model_type</c> of config.json.</param>
/// <param name="Architecture">The name of Hugging Face's model class.</param>
/// <param name="GgufName"><c>general.architecture</c> of a GGUF file.</param>
public sealed record BackboneFamily(string Name, string Architecture, string GgufName)
{
    /// <summary>Whether q, k and v have a bias.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether each head of q and k goes through an RMS norm before the rotary embedding.</summary>
    public bool HeadNorms { get; init; }

    /// <summary>Whether config.json's sliding window applies only with <c>use_sliding_window</c>.</summary>
    public bool WindowByFlag { get; init; }

    /// <summary>Whether GGUF files interleave the two halves of each head in the rows of q and k.</summary>
    public bool GgufInterleaved { get; init; }

    /// <summary>The supported families.</summary>
    public static IReadOnlyList<BackboneFamily> All { get; } =
    [
        new("llama", "LlamaForCausalLM", "llama") { GgufInterleaved = true },
        new("mistral", "MistralForCausalLM", "llama") { GgufInterleaved = true },
        new("qwen2", "Qwen2ForCausalLM", "qwen2") { AttentionBias = true, WindowByFlag = true },
        new("qwen3", "Qwen3ForCausalLM", "qwen3") { HeadNorms = true, WindowByFlag = true },
    ];

    /// <exception cref="InvalidDataException">The family is not supported; the message says which are.</exception>
    public static BackboneFamily Of(string name, string source) => All.FirstOrDefault(family => family.Name == name)
        ?? throw new InvalidDataException(
            $"{source}: model_type '{name}' is not supported; supported: {string.Join(", ", All.Select(family => family.Name))}.");

    /// <exception cref="InvalidDataException">The architecture is not supported; the message says which are.</exception>
    public static BackboneFamily OfGguf(string architecture, string source) => All.FirstOrDefault(family => family.GgufName == architecture)
        ?? throw new InvalidDataException(
            $"{source}: architecture '{architecture}' is not supported; "
                + $"supported: {string.Join(", ", All.Select(family => family.GgufName).Distinct())}.");
}
