using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Scoring;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// What the backbone says without any training: the likelihood of each title after the history's titles, all candidates of a row packed into one pass. Item slots
/// are left out of the prompt, for untrained they mean nothing.
/// </summary>
public sealed class ZeroShotScorer(EvaluatedBackbone backbone)
{
    private readonly TorchTitleScorer scorer = new(backbone.Torch);
    private readonly Dictionary<RankingCase, IReadOnlyDictionary<int, float>> passes = [];

    /// <summary>log p(title | history)</summary>
    public Method Sum => Of("zero-shot, sum", (_, likelihood) => likelihood);

    /// <summary>The mean over the title's tokens, so that long titles are not at a loss.</summary>
    public Method PerToken => Of("zero-shot, per token", (item, likelihood) => likelihood / backbone.Answer(item).Length);

    /// <summary>log p(title | history) - log p(title | no history), so that common titles are not at an advantage.</summary>
    public Method LessPrior => Of("zero-shot, less prior", (item, likelihood) => likelihood - backbone.Priors.Of([backbone.Set.Titles[item]])[0]);

    private Method Of(string name, Func<int, float, float> normalise) =>
        new(name, true, row => row.Pick(Likelihoods(row).ToDictionary(pair => pair.Key, pair => normalise(pair.Key, pair.Value))));

    private IReadOnlyDictionary<int, float> Likelihoods(RankingCase row) => passes.TryGetValue(row, out var known) ? known : passes[row] = Pass(row, row.Distinct());

    private Dictionary<int, float> Pass(RankingCase row, int[] items)
    {
        var prompt = backbone.Prompt(row, null);
        var scores = scorer.Scores([.. prompt.Ids.Where((_, at) => !prompt.ItemSlots.Contains(at))], [.. items.Select(backbone.Answer)]);
        return items.Zip(scores).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
