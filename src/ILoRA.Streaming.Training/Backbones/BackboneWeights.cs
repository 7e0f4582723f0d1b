using ILoRA.Streaming.Model.Backbones;

namespace ILoRA.Streaming.Training.Backbones;

/// <summary>Hugging Face's names of a Llama's weights.</summary>
internal static class BackboneWeights
{
    public const string Embedding = "model.embed_tokens.weight";
    public const string FinalNorm = "model.norm.weight";
    public const string Output = "lm_head.weight";

    public static string InputNorm(int layer) => $"model.layers.{layer}.input_layernorm.weight";

    public static string PostNorm(int layer) => $"model.layers.{layer}.post_attention_layernorm.weight";

    public static string Linear(int layer, LoraTarget target) => Backbone.LinearName(layer, target);

    /// <summary>Every weight of a backbone of this shape, and where to read it.</summary>
    public static IEnumerable<Weight> Names(BackboneConfig config)
    {
        yield return new(Embedding, [config.Vocabulary, config.Hidden], source => source.Embedding);
        yield return new(FinalNorm, [config.Hidden], source => source.FinalNorm);
        if (!config.Tied)
            yield return new(Output, [config.Vocabulary, config.Hidden], source => source.Output);
        foreach (var layer in Enumerable.Range(0, config.Layers))
        {
            yield return new(InputNorm(layer), [config.Hidden], source => source.InputNorm(layer));
            yield return new(PostNorm(layer), [config.Hidden], source => source.PostNorm(layer));
            foreach (var target in Enum.GetValues<LoraTarget>())
                yield return new(Linear(layer, target), [config.OutputWidth(target), config.InputWidth(target)], source => source.Linear(layer, target));
        }
    }

    public sealed record Weight(string Name, long[] Shape, Func<Backbone, Model.Tensors.Tensor> Read);
}
