using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>
/// How likely the frozen backbone finds titles after a prompt that says nothing: each one's null, found when first asked for and kept. A title's company in a pass turns the last
/// bits of its number, so that is always the same, whoever asks first: a fit that goes on from a checkpoint finds what it found before.
/// </summary>
/// <param name="torchBackbone">Without any correction.</param>
/// <param name="backbone">For its tokenizer.</param>
/// <param name="titles">Those known ahead go many to a pass; any other goes alone.</param>
public sealed class NullLikelihoods(TorchBackbone torchBackbone, Backbone backbone, IEnumerable<string> titles)
{
    private const int AtOnce = 64;
    private readonly TorchTitleScorer scorer = new(torchBackbone);
    private readonly Dictionary<string, float> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> company =
        titles.Distinct(StringComparer.Ordinal).Chunk(AtOnce).SelectMany(part => part.Select(title => (title, part))).ToDictionary(pair => pair.title, pair => pair.part, StringComparer.Ordinal);

    /// <param name="wanted">Any number, with or without repeats; only of titles asked for before from several threads at once.</param>
    /// <returns>log p(title | nothing) of each.</returns>
    public float[] Of(IReadOnlyList<string> wanted) => [.. wanted.Select(Of)];

    private float Of(string title)
    {
        if (!known.ContainsKey(title))
            Find(company.GetValueOrDefault(title, [title]));
        return known[title];
    }

    private void Find(string[] part)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var packed = PackedPrompt.Pack(HistoryPrompt.Nothing(backbone.Tokenizer), [.. part.Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title))]);
        var embeddings = torchBackbone.Embed(tensor(Array.ConvertAll(packed.Ids, id => (long)id), [1, packed.Ids.Length], device: torchBackbone.Device));    // [1, T, H]
        foreach (var (title, likelihood) in part.Zip(scorer.Scores(packed, embeddings, null, null).Values()))
            known[title] = likelihood;
    }
}
