namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// What sets one family of decoders apart from another. All three implementations (reference, LibTorch, ONNX) and both file formats read it
/// from here: a family is added by a line of <see cref="All"/>.
/// </summary>
/// <param name="Name"><c>model_type</c> of config.json.</param>
/// <param name="Architecture">Hugging Face's class.</param>
/// <param name="GgufName"><c>general.architecture</c> of a GGUF file.</param>
public sealed record BackboneFamily(string Name, string Architecture, string GgufName)
{
    /// <summary>q, k and v have a bias.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Each head of q and k goes through an RMS norm before the rotation.</summary>
    public bool HeadNorms { get; init; }

    /// <summary>The sliding window counts only where config.json says <c>use_sliding_window</c>.</summary>
    public bool WindowByFlag { get; init; }

    /// <summary>GGUF holds the rows of q and k with the two halves of each head interleaved.</summary>
    public bool GgufInterleaved { get; init; }

    public static IReadOnlyList<BackboneFamily> All { get; } =
    [
        new("llama", "LlamaForCausalLM", "llama") { GgufInterleaved = true },
        new("mistral", "MistralForCausalLM", "llama") { GgufInterleaved = true },
        new("qwen2", "Qwen2ForCausalLM", "qwen2") { AttentionBias = true, WindowByFlag = true },
        new("qwen3", "Qwen3ForCausalLM", "qwen3") { HeadNorms = true, WindowByFlag = true },
    ];

    /// <exception cref="InvalidDataException">The family is not supported; the message says which are.</exception>
    public static BackboneFamily Of(string name, string source) => All.FirstOrDefault(family => family.Name == name)
        ?? throw new InvalidDataException($"{source}: model_type '{name}' is not supported; supported: {string.Join(", ", All.Select(family => family.Name))}.");

    /// <exception cref="InvalidDataException">The architecture is not supported; the message says which are.</exception>
    public static BackboneFamily OfGguf(string architecture, string source) => All.FirstOrDefault(family => family.GgufName == architecture)
        ?? throw new InvalidDataException($"{source}: architecture '{architecture}' is not supported; supported: {string.Join(", ", All.Select(family => family.GgufName).Distinct())}.");
}
