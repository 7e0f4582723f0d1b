using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Backbones;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>
/// Title priors: the unconditional log-likelihoods of titles, which the frozen backbone gives after an empty prompt. They are computed on
/// first use and cached. Titles packed into one pass influence each other's rounding, so the packs are fixed and a resumed fit computes the
/// same values.
/// </summary>
/// <param name="torchBackbone">The frozen backbone.</param>
/// <param name="backbone">Gives the tokenizer.</param>
/// <param name="titles">The titles known in advance, which are packed together; any other title is computed alone.</param>
public sealed class TitlePriors(TorchBackbone torchBackbone, Backbone backbone, IEnumerable<string> titles)
{
    private const int TitlesPerPass = 16;
    private readonly TorchTitleScorer scorer = new(torchBackbone);
    private readonly Dictionary<string, float> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> packs =
        titles.Distinct(StringComparer.Ordinal).Chunk(TitlesPerPass).SelectMany(pack => pack.Select(title => (title, pack)))
            .ToDictionary(pair => pair.title, pair => pair.pack, StringComparer.Ordinal);

    /// <summary>The priors of titles. Thread-safe only for titles whose priors are already cached.</summary>
    /// <param name="wanted">The titles, possibly with repetitions.</param>
    /// <returns>log p(title | empty prompt) of each title.</returns>
    public float[] Of(IReadOnlyList<string> wanted) => [.. wanted.Select(Of)];

    private float Of(string title)
    {
        if (!known.ContainsKey(title))
            Compute(packs.GetValueOrDefault(title, [title]));
        return known[title];
    }

    private void Compute(string[] pack)
    {
        var likelihoods =
            scorer.Scores(HistoryPrompt.Empty(backbone.Tokenizer),
                [.. pack.Select(title => HistoryPrompt.Answer(backbone.Tokenizer, title))]);
        foreach (var (title, likelihood) in pack.Zip(likelihoods))
            known[title] = likelihood;
    }
}
