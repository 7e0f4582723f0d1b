using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>A training sample as one token sequence: a prompt, followed by the titles of the candidates to score.</summary>
/// <param name="Sample">History and target.</param>
/// <param name="Scored">The ids of the candidates to score, the target first.</param>
/// <param name="Prompt">The prompt, which names the history and all candidates.</param>
/// <param name="Packed">The prompt's tokens with the titles to score.</param>
/// <param name="TargetTokens">The number of tokens of the target's title.</param>
internal sealed record PackedSample(Sample Sample, string[] Scored, Prompt Prompt, PackedPrompt Packed, int TargetTokens);

/// <summary>Computes log-likelihoods and title priors of candidates, to train the title scorer.</summary>
/// <param name="model">The model with the adapter.</param>
/// <param name="backbone">Gives the tokenizer.</param>
/// <param name="catalogue">Gives the titles.</param>
/// <param name="context">Gives the items' encoder rows and the sequence vectors.</param>
/// <param name="priors">The title priors.</param>
internal sealed class TitleLikelihoods(
    TorchModel model, Backbone backbone, TorchCatalogue catalogue, ScoringContext context, TitlePriors priors)
{
    private readonly TorchTitleScorer scorer = new(model.Backbone, model.FrozenLayers);

    /// <summary>Builds the prompt of a sample and packs the titles to score behind it.</summary>
    /// <param name="sample">The sample with its candidates.</param>
    /// <param name="scoredTitles">The number of titles to score: the target's and those that follow it in the prompt; null is all.</param>
    public PackedSample Pack(CandidateSample sample, int? scoredTitles)
    {
        var candidates = sample.Candidates;
        var prompt = HistoryPrompt.Build(backbone.Tokenizer, [.. Shown(sample.Sample).Select(catalogue.TitleOf)],
            [.. candidates.Select(catalogue.TitleOf)]);
        // Wraps around at the end of the list, so that the scored candidates are not always the prompt's last ones.
        var count = Math.Min(scoredTitles ?? candidates.Count, candidates.Count);
        string[] scored = [.. Enumerable.Range(sample.Target, count).Select(at => candidates[at % candidates.Count])];
        int[][] titles = [.. scored.Select(item => HistoryPrompt.Answer(backbone.Tokenizer, catalogue.TitleOf(item)))];
        return new(sample.Sample, scored, prompt, PackedPrompt.Pack(prompt.Ids, titles), titles[0].Length);
    }

    /// <summary>The log-likelihoods of each sample's scored titles, with gradients to the adapter.</summary>
    /// <returns>For each sample [C]: log p(title | prompt), the target's first.</returns>
    public Tensor[] Likelihoods(IReadOnlyList<PackedSample> samples)
    {
        var gates = model.Gate.Weights(context.SequenceVectors([.. samples.Select(sample => sample.Sample)]));
        return scorer.Scores([.. samples.Select(sample => sample.Packed)], Embed(samples), model.Lora, model.Gate.RankScale(gates));
    }

    /// <summary>
    /// Computes the priors of all titles of these samples. After that <see cref="Priors(PackedSample)"/> can be called for them from
    /// several threads.
    /// </summary>
    public void ComputePriors(IEnumerable<PackedSample> samples) =>
        priors.Of([.. samples.SelectMany(sample => sample.Scored).Select(catalogue.TitleOf)]);

    /// <summary>The priors of a sample's scored titles.</summary>
    /// <returns>[C], see <see cref="TitlePriors"/>.</returns>
    public Tensor Priors(PackedSample sample) => tensor(priors.Of([.. sample.Scored.Select(catalogue.TitleOf)]), device: model.Device);

    private static IEnumerable<string> Shown(Sample sample) => sample.History.TakeLast(HistoryPrompt.MaxItems);

    // [B, T, H]
    private Tensor Embed(IReadOnlyList<PackedSample> samples)
    {
        var length = samples.Max(sample => sample.Packed.Ids.Length);
        long[] padded = [.. samples.Select(sample => sample.Packed.Ids).SelectMany(ids =>
            Enumerable.Range(0, length).Select(t => t < ids.Length ? (long)ids[t] : backbone.Tokenizer.EndOfText))];
        PromptBatch.Slot[] slots = [.. samples.SelectMany((sample, b) => sample.Prompt.ItemSlots
            .Zip(Shown(sample.Sample), (at, item) => new PromptBatch.Slot(b * length + at, context.RowOf(item))))];
        return model.Embed(new(tensor(padded, [samples.Count, length], device: model.Device), [], slots));
    }
}
