using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>
/// The unconditional log-likelihood of titles: what the frozen backbone gives them after an empty prompt, computed when first asked for and kept.
/// Titles packed into one pass change the last bits of each other's value, so the packs are fixed: a fit that is resumed computes the same values.
/// </summary>
/// <param name="torchBackbone">Without any correction.</param>
/// <param name="backbone">For its tokenizer.</param>
/// <param name="titles">Those known ahead are packed together; any other goes alone.</param>
public sealed class TitlePriors(TorchBackbone torchBackbone, Backbone backbone, IEnumerable<string> titles)
{
    private const int AtOnce = 16;
    private readonly TorchTitleScorer scorer = new(torchBackbone);
    private readonly Dictionary<string, float> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> packs =
        titles.Distinct(StringComparer.Ordinal).Chunk(AtOnce).SelectMany(pack => pack.Select(title => (title, pack))).ToDictionary(pair => pair.title, pair => pair.pack, StringComparer.Ordinal);

    /// <param name="wanted">Any number, with or without repeats; only of titles asked for before from several threads at once.</param>
    /// <returns>log p(title | empty prompt) of each.</returns>
    public float[] Of(IReadOnlyList<string> wanted) => [.. wanted.Select(Of)];

    private float Of(string title)
    {
        if (!known.ContainsKey(title))
            Find(packs.GetValueOrDefault(title, [title]));
        return known[title];
    }

    private void Find(string[] pack)
    {
        var likelihoods = scorer.Scores(HistoryPrompt.Empty(backbone.Tokenizer), [.. pack.Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title))]);
        foreach (var (title, likelihood) in pack.Zip(likelihoods))
            known[title] = likelihood;
    }
}
