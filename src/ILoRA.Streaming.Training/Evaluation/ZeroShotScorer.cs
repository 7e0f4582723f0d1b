using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// Zero-shot baselines: the untrained backbone's likelihood of each candidate's title after a prompt with the history's titles. All
/// candidates of a row are packed into one forward pass. Item slots are left out of the prompt, because they have no meaning without
/// training.
/// </summary>
public sealed class ZeroShotScorer(EvaluatedBackbone backbone)
{
    private readonly TorchTitleScorer scorer = new(backbone.Torch);
    private readonly Dictionary<RankingCase, IReadOnlyDictionary<int, float>> passes = [];

    /// <summary>log p(title | history).</summary>
    public Method Sum => Of("zero-shot, sum", (_, likelihood) => likelihood);

    /// <summary>log p(title | history) per token of the title, which does not favour short titles.</summary>
    public Method PerToken => Of("zero-shot, per token", (item, likelihood) => likelihood / backbone.Answer(item).Length);

    /// <summary>log p(title | history) minus the title prior, which does not favour common titles.</summary>
    public Method LessPrior =>
        Of("zero-shot, less prior", (item, likelihood) => likelihood - backbone.Priors.Of([backbone.Set.Titles[item]])[0]);

    private Method Of(string name, Func<int, float, float> normalise) =>
        new(name, true, row => row.Pick(Likelihoods(row).ToDictionary(pair => pair.Key, pair => normalise(pair.Key, pair.Value))));

    private IReadOnlyDictionary<int, float> Likelihoods(RankingCase row) =>
        passes.TryGetValue(row, out var known) ? known : passes[row] = Pass(row, row.Distinct());

    private Dictionary<int, float> Pass(RankingCase row, int[] items)
    {
        var prompt = backbone.Prompt(row, null);
        var scores = scorer.Scores([.. prompt.Ids.Where((_, at) => !prompt.ItemSlots.Contains(at))], [.. items.Select(backbone.Answer)]);
        return items.Zip(scores).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
