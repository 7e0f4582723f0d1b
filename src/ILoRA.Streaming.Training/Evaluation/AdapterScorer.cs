using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Evaluation;

/// <summary>
/// Scores candidates with a snapshot, by the language model's term alone or as served. The results of forward passes are cached by row, so
/// that several methods share them.
/// </summary>
public sealed class AdapterScorer : IDisposable
{
    private readonly EvaluatedBackbone backbone;
    private readonly Snapshot snapshot;
    private readonly TorchModel model;
    private readonly TorchCatalogue catalogue;
    private readonly ScoringContext context;
    private readonly TorchTitleScorer titles;
    private readonly Dictionary<RankingCase, (float[][] LanguageModel, float[][] Served)> heads = [];
    private readonly Dictionary<RankingCase, (float Likelihood, float Prior)[][]> answers = [];

    public AdapterScorer(EvaluatedBackbone backbone, Snapshot snapshot)
    {
        SnapshotFit.Require(snapshot, backbone.Source);
        (this.backbone, this.snapshot) = (backbone, snapshot);
        model = new(backbone.Torch, snapshot);
        catalogue = TorchCatalogue.Of(backbone.Source, backbone.Torch.Device,
            backbone.Set.Ids.Zip(backbone.Set.Titles, KeyValuePair.Create));
        context = ScoringContext.Of(model, backbone.Source, catalogue, snapshot);
        titles = new(backbone.Torch);
    }

    /// <summary>The language model's term of the head scorer, h . v, without the other terms.</summary>
    public Method Head(string name) => new(name, true, row => heads[row].LanguageModel) { Prepare = HeadPasses };

    /// <summary>
    /// The language model's part of the title scorer: the log-likelihood of each candidate's title after a prompt that names all
    /// candidates, and its prior, with the snapshot's <see cref="TitleWeights"/>.
    /// </summary>
    public Method Title(string name) => new(name, true, TitleAlone);

    /// <summary>The score as served, with all terms of the snapshot's scorer.</summary>
    public Method Served(string name) => snapshot.Scorer == Scorer.Head
        ? new(name, true, row => heads[row].Served) { Prepare = HeadPasses } : new(name, true, TitleServed);

    private void HeadPasses(IReadOnlyList<RankingCase> rows)
    {
        RankingCase[] left = [.. rows.Where(row => !heads.ContainsKey(row))];
        foreach (var row in left.Where(row => !IsKnown(row)))
            heads[row] = (ZeroScores(row), ZeroScores(row));
        if (left.Where(IsKnown).ToArray() is { Length: > 0 } known)
            HeadPass(known);
    }

    private void HeadPass(RankingCase[] rows)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Sample[] samples = [.. rows.Select(Sample)];
        var z = context.SequenceVectors(samples);
        var features = context.Features();
        var languageModel = model.Head.LanguageModelTerm(model.LastHidden(context.Prompts(samples), z), features);               // [B, M]
        var served = languageModel.Plus(model.Head.Scores(null, context.Features(samples, model.Encoder.Logits(z), features), features));
        for (var b = 0; b < rows.Length; b++)
            heads[rows[b]] = (rows[b].Pick(languageModel[b].Values()), rows[b].Pick(served[b].Values()));
    }

    private (float Likelihood, float Prior)[][] TitlePass(RankingCase row)
    {
        if (!answers.TryGetValue(row, out var known))
            answers[row] = known = [.. row.Draws.Select(draw => TitlePass(row, draw))];
        return known;
    }

    private (float Likelihood, float Prior)[] TitlePass(RankingCase row, int[] draw)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var prompt = backbone.Prompt(row, draw);
        var packed = PackedPrompt.Pack(prompt.Ids, [.. draw.Select(backbone.Answer)]);
        var scores = titles.Scores(packed, Embed(packed.Ids, prompt, row), model.Lora, RankScale(row)).Values();
        var priors =
            snapshot.Head.TitleWeights.Prior == 0
                ? new float[draw.Length] : backbone.Priors.Of([.. draw.Select(item => backbone.Set.Titles[item])]);
        return [.. scores.Zip(priors)];
    }

    private float[][] TitleAlone(RankingCase row) =>
        [.. TitlePass(row)
            .Select(draw => Array.ConvertAll(draw, answer => snapshot.Head.TitleWeights.Score(answer.Likelihood, answer.Prior)))];

    private float[][] TitleServed(RankingCase row)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (!IsKnown(row))
            return TitleAlone(row);
        var encoder = row.Pick(context.LogEncoder(model.Encoder.Logits(context.SequenceVectors([Sample(row)]))).Values());
        return [.. TitlePass(row).Zip(encoder, (draw, logs) =>
            draw.Zip(logs, (answer, log) => TitleScorer.Score(snapshot.Head, answer.Likelihood, answer.Prior, log)).ToArray())];
    }

    /// <summary>The logits of the next token of an answer.</summary>
    /// <param name="ids">[T], the tokens of the prompt and of the answer so far.</param>
    /// <param name="prompt">The prompt, which gives the positions of item slots.</param>
    /// <param name="row">The row, whose history the prompt names.</param>
    /// <returns>[V]</returns>
    internal Tensor NextToken(int[] ids, Prompt prompt, RankingCase row) =>
        backbone.Torch.Logits(
            backbone.Torch.Hidden(Embed(ids, prompt, row), lora: model.Lora, rankScale: RankScale(row))[0, ids.Length - 1]);

    // [1, T, H]; the ids start with those of the prompt.
    private Tensor Embed(int[] ids, Prompt prompt, RankingCase row)
    {
        var shown = row.History.TakeLast(HistoryPrompt.MaxItems).Select(item => context.RowOf(backbone.Set.Ids[item])).ToArray();
        var tokens = tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length], device: model.Device);
        return model.Embed(new(tokens, [], [.. prompt.ItemSlots.Select((at, slot) => new PromptBatch.Slot(at, shown[slot]))]));
    }

    /// <summary>
    /// The rank scale of the row's gate weights; uniform weights where the encoder has no row for any item of the history.
    /// </summary>
    private Tensor RankScale(RankingCase row) => IsKnown(row)
        ? model.Gate.RankScale(model.Gate.Weights(context.SequenceVectors([Sample(row)])))
        : tensor(snapshot.Shape.RankScale(Gate.Uniform(snapshot.Shape.Experts, 1).Weights([])), [1, 1, snapshot.Shape.Rank],
            device: model.Device);

    private bool IsKnown(RankingCase row) => context.Rows(Sample(row)).Length > 0;

    private Sample Sample(RankingCase row) => new([.. row.History.Select(item => backbone.Set.Ids[item])], backbone.Set.Ids[row.Target]);

    /// <summary>
    /// The scores of rows without a sequence vector: all zero, so that the rank of the target is that of its position in the shuffled list.
    /// </summary>
    private static float[][] ZeroScores(RankingCase row) => [.. row.Draws.Select(draw => new float[draw.Length])];

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
    }
}
