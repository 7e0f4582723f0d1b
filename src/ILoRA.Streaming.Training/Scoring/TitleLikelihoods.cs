using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>A question as the language model reads it: the first of the packed candidates is right.</summary>
/// <param name="Sample">History and target.</param>
/// <param name="Scored">The packed candidates.</param>
/// <param name="Prompt">Names the history and all candidates.</param>
/// <param name="Packed">The prompt with the titles to score.</param>
/// <param name="Answer">How many tokens the right title has.</param>
internal sealed record PackedSample(Sample Sample, string[] Scored, Prompt Prompt, PackedPrompt Packed, int Answer);

/// <summary>Puts questions to the language model as it reads them, and scores the titles of its answer.</summary>
/// <param name="model">Who answers.</param>
/// <param name="backbone">For its tokenizer.</param>
/// <param name="catalogue">Gives the titles.</param>
/// <param name="context">Knows the encoder's rows.</param>
/// <param name="priors">The unconditional log-likelihoods of the titles.</param>
internal sealed class TitleLikelihoods(TorchModel model, Backbone backbone, TorchCatalogue catalogue, ScoringContext context, TitlePriors priors)
{
    private readonly TorchTitleScorer scorer = new(model.Backbone, model.FrozenLayers);

    /// <param name="question">Whose history, which candidates.</param>
    /// <param name="answers">How many of them are scored: the target and those that follow it in the prompt; null is all.</param>
    public PackedSample Ask(CandidateSample question, int? answers)
    {
        var candidates = question.Candidates;
        var prompt = HistoryPrompt.Build(backbone.Tokenizer, [.. Shown(question.Sample).Select(catalogue.TitleOf)], [.. candidates.Select(catalogue.TitleOf)]);
        // Around the list, so that those scored stand anywhere in it.
        string[] scored = [.. Enumerable.Range(question.Target, Math.Min(answers ?? candidates.Count, candidates.Count)).Select(at => candidates[at % candidates.Count])];
        int[][] titles = [.. scored.Select(item => HistoryPrompt.Answer(backbone.Tokenizer, catalogue.TitleOf(item)))];
        return new(question.Sample, scored, prompt, PackedPrompt.Pack(prompt.Ids, titles), titles[0].Length);
    }

    /// <returns>[C] of each question: log p(title | prompt), the right one's first.</returns>
    public Tensor[] Likelihoods(IReadOnlyList<PackedSample> part) =>
        scorer.Scores([.. part.Select(question => question.Packed)], Embed(part), model.Lora, model.Gate.RankScale(model.Gate.Weights(context.SequenceVectors([.. part.Select(question => question.Sample)]))));

    /// <summary>
    /// Computes the priors of all titles of these questions, after which <see cref="Priors(PackedSample)"/> can be called from several
    /// threads.
    /// </summary>
    public void FindPriors(IEnumerable<PackedSample> questions) => priors.Of([.. questions.SelectMany(question => question.Scored).Select(catalogue.TitleOf)]);

    /// <returns>[C], see <see cref="TitlePriors"/>.</returns>
    public Tensor Priors(PackedSample question) => tensor(priors.Of([.. question.Scored.Select(catalogue.TitleOf)]), device: model.Device);

    private static IEnumerable<string> Shown(Sample sample) => sample.History.TakeLast(HistoryPrompt.MaxItems);

    // [B, T, H]
    private Tensor Embed(IReadOnlyList<PackedSample> part)
    {
        var length = part.Max(question => question.Packed.Ids.Length);
        var ids = tensor([.. part.SelectMany(question => Enumerable.Range(0, length).Select(t => t < question.Packed.Ids.Length ? (long)question.Packed.Ids[t] : backbone.Tokenizer.EndOfText))],
            [part.Count, length], device: model.Device);
        PromptBatch.Slot[] slots = [.. part.SelectMany((question, b) => question.Prompt.ItemSlots.Zip(Shown(question.Sample), (at, item) => new PromptBatch.Slot(b * length + at, context.RowOf(item))))];
        return model.Embed(new(ids, [], slots));
    }
}
