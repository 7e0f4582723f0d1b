using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>How likely the frozen backbone finds titles after a prompt that says nothing: each one's null, found when first asked for and kept.</summary>
public sealed class NullLikelihoods(TorchBackbone torchBackbone, Backbone backbone)
{
    private const int AtOnce = 64;
    private readonly TorchTitleScorer scorer = new(torchBackbone);
    private readonly Dictionary<string, float> known = new(StringComparer.Ordinal);

    /// <param name="titles">Any number, with or without repeats; not from several threads at once.</param>
    /// <returns>log p(title | nothing) of each.</returns>
    public float[] Of(IReadOnlyList<string> titles)
    {
        foreach (var part in titles.Where(title => !known.ContainsKey(title)).Distinct(StringComparer.Ordinal).Chunk(AtOnce))
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var packed = PackedPrompt.Pack(HistoryPrompt.Nothing(backbone.Tokenizer), [.. part.Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title))]);
            var embeddings = torchBackbone.Embed(tensor(Array.ConvertAll(packed.Ids, id => (long)id), [1, packed.Ids.Length], device: torchBackbone.Device));    // [1, T, H]
            foreach (var (title, likelihood) in part.Zip(scorer.Scores(packed, embeddings, null, null).Values()))
                known[title] = likelihood;
        }
        return [.. titles.Select(title => known[title])];
    }
}
