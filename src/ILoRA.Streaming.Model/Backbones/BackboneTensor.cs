namespace ILoRA.Streaming.Model.Backbones;

/// <summary>The name and shape of one weight tensor of a backbone; names are Hugging Face's.</summary>
/// <param name="Name">e.g. <c>model.norm.weight</c></param>
/// <param name="Shape">Dimensions; a matrix is [out, in].</param>
public sealed record BackboneTensor(string Name, IReadOnlyList<int> Shape)
{
    public const string Embedding = "model.embed_tokens.weight";
    public const string FinalNorm = "model.norm.weight";
    public const string Output = "lm_head.weight";

    /// <summary>The norm before attention.</summary>
    public static string InputNorm(int layer) => $"model.layers.{layer}.input_layernorm.weight";

    /// <summary>The norm before the feed-forward network.</summary>
    public static string PostNorm(int layer) => $"model.layers.{layer}.post_attention_layernorm.weight";

    public static string Linear(int layer, LoraTarget target) => $"model.layers.{layer}.{LoraTargets.ModuleOf(target)}.weight";

    public static string Bias(int layer, LoraTarget target) => $"model.layers.{layer}.{LoraTargets.ModuleOf(target)}.bias";

    /// <summary>The norm that each head of q or k goes through.</summary>
    public static string HeadNorm(int layer, LoraTarget target) =>
        $"model.layers.{layer}.self_attn.{LoraTargets.ShortName(target)}_norm.weight";

    /// <summary>All weights of a backbone with this configuration.</summary>
    public static IEnumerable<BackboneTensor> All(BackboneConfig config)
    {
        yield return new(Embedding, [config.Vocabulary, config.Hidden]);
        yield return new(FinalNorm, [config.Hidden]);
        if (!config.Tied)
            yield return new(Output, [config.Vocabulary, config.Hidden]);
        foreach (var tensor in Enumerable.Range(0, config.Layers).SelectMany(layer => OfLayer(config, layer)))
            yield return tensor;
    }

    private static IEnumerable<BackboneTensor> OfLayer(BackboneConfig config, int layer)
    {
        yield return new(InputNorm(layer), [config.Hidden]);
        yield return new(PostNorm(layer), [config.Hidden]);
        foreach (var target in Enum.GetValues<LoraTarget>())
        {
            yield return new(Linear(layer, target), [config.OutputWidth(target), config.InputWidth(target)]);
            if (config.HasBias(target))
                yield return new(Bias(layer, target), [config.OutputWidth(target)]);
            if (config.HasHeadNorm(target))
                yield return new(HeadNorm(layer, target), [config.HeadSize]);
        }
    }
}
