using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Prompts;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Scoring;

/// <summary>
/// Computes the model's inputs from samples and the current catalogue: features of the score head, encoder histories and prompts.
/// </summary>
public sealed class ScoringContext(
    TorchModel model, Backbone backbone, TorchCatalogue catalogue, ItemCounts counts, NeighbourCounts neighbours)
{
    /// <summary>The context of a fixed snapshot, whose counts and neighbours are used unchanged.</summary>
    public static ScoringContext Of(TorchModel model, Backbone backbone, TorchCatalogue catalogue, Snapshot snapshot) =>
        new(model, backbone, catalogue, new(snapshot.Items, 1), new(snapshot.Neighbours, int.MaxValue));

    /// <summary>The features of all catalogue items. The caller's dispose scope owns the tensors.</summary>
    public CatalogueFeatures Features()
    {
        var rows = catalogue.Ids.Select(counts.RowOf).ToArray();
        var seen = rows.Select(counts.Seen).ToArray();
        var known = tensor(rows.Select(row => row >= 0 ? 1f : 0f).ToArray(), device: model.Device).unsqueeze(1);
        var embedded =
            model.Encoder.ItemFeatures().detach()
                .index_select(0, tensor(rows.Select(row => (long)Math.Max(row, 0)).ToArray(), device: model.Device));
        return new(catalogue.Vectors(), model.Head.Directions(catalogue.Vectors()), embedded * known,
            tensor(seen.Select(n => n / (n + ScoreHead.Shrinkage)).ToArray(), device: model.Device).unsqueeze(1),
            tensor(rows.Select(row => MathF.Log(1 + counts.Recent(row))).ToArray(), device: model.Device),
            tensor(seen.Select(n => n == 0 ? 1f : 0f).ToArray(), device: model.Device));
    }

    /// <summary>The features of pairs of samples and catalogue items.</summary>
    /// <param name="samples">B samples; their histories are used.</param>
    /// <param name="logits">[B, N], the encoder's logits.</param>
    /// <param name="features">The catalogue's features.</param>
    public HistoryFeatures Features(IReadOnlyList<Sample> samples, Tensor logits, CatalogueFeatures features) =>
        new(LogEncoder(logits), LogRepeat(samples), TitleSimilarities(samples, features), Cooccurrences(samples));

    /// <summary>The encoder's log-probabilities over the items with clicks; -log N for all other items.</summary>
    /// <param name="logits">[B, N], encoder logits.</param>
    /// <returns>[B, M], in catalogue order.</returns>
    public Tensor LogEncoder(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var count = logits.shape[1];
        var log = logits.MaskOut(Unseen()).log_softmax(-1);
        var unknown =
            tensor(Enumerable.Repeat(SasRec.LogUnknown((int)count), (int)logits.shape[0]).ToArray(), device: model.Device).unsqueeze(1);
        return ToCatalogueOrder(log, unknown).MoveToOuterDisposeScope();
    }

    // From the order of encoder rows [B, N] to catalogue order [B, M]; items without clicks get the given value [B, 1].
    private Tensor ToCatalogueOrder(Tensor byRow, Tensor unknown)
    {
        var count = byRow.shape[1];
        var columns = catalogue.Ids.Select(id => counts.RowOf(id) is var row and >= 0 && counts.Seen(row) > 0 ? row : count).ToArray();
        return cat([byRow, unknown], 1).index_select(1, tensor(columns, device: model.Device));
    }

    /// <summary>The mask of rows without clicks, which the encoder's softmax leaves out.</summary>
    /// <returns>[N], true for a row without clicks.</returns>
    public Tensor Unseen() =>
        tensor(Enumerable.Range(0, counts.Count).Select(row => counts.Seen(row) == 0).ToArray(), device: model.Device);

    private Tensor TitleSimilarities(IReadOnlyList<Sample> samples, CatalogueFeatures features)
    {
        using var scope = NewDisposeScope();
        var (places, weights) = (new long[samples.Count * TitleSimilarity.Window], new float[samples.Count * TitleSimilarity.Window]);
        for (var b = 0; b < samples.Count; b++)
        {
            var (at, weight) = (b * TitleSimilarity.Window, 1f);
            foreach (var item in samples[b].History.TakeLast(TitleSimilarity.Window).Reverse())
            {
                // An item outside the catalogue has no title: its weight is zero, but older items still decay past it.
                var place = catalogue.IndexOf(item);
                (places[at], weights[at]) = (Math.Max(place, 0), place < 0 ? 0 : weight);
                (at, weight) = (at + 1, weight * TitleSimilarity.Decay);
            }
        }
        // [B, W, H].
        var titles =
            features.Directions.index_select(0, tensor(places, device: model.Device)).view(samples.Count, TitleSimilarity.Window, -1);
        // [B, H].
        var query = (titles * tensor(weights, [samples.Count, TitleSimilarity.Window, 1], device: model.Device)).sum([1L]);
        return query.matmul(features.Directions.t()).MoveToOuterDisposeScope();
    }

    private Tensor Cooccurrences(IReadOnlyList<Sample> samples)
    {
        using var scope = NewDisposeScope();
        float[] values = [.. samples.SelectMany(sample => ItemNeighbours.CoOccurrence(Rows(sample), counts.SeenByRow, neighbours.Of))];
        var byRow = tensor(values, [samples.Count, counts.Count], device: model.Device);
        return ToCatalogueOrder(byRow, zeros(samples.Count, 1, device: model.Device)).MoveToOuterDisposeScope();
    }

    /// <returns>[B, M], log(1 + occurrences of the item in the history).</returns>
    private Tensor LogRepeat(IReadOnlyList<Sample> samples)
    {
        var values = new float[samples.Count * catalogue.Count];
        for (var b = 0; b < samples.Count; b++)
        {
            foreach (var group in samples[b].History.GroupBy(item => item, StringComparer.Ordinal))
            {
                if (catalogue.IndexOf(group.Key) is var at and >= 0)
                    values[b * catalogue.Count + at] = MathF.Log(1 + group.Count());
            }
        }
        return tensor(values, [samples.Count, catalogue.Count], device: model.Device);
    }

    /// <summary>
    /// The samples' histories as encoder input; every history must contain an item that has an encoder row (see <see cref="Rows"/>).
    /// </summary>
    public History Histories(IReadOnlyList<Sample> samples) => History.Of([.. samples.Select(Rows)], model.Encoder.Positions, model.Device);

    /// <summary>The encoder's sequence vectors of the histories, without gradients to the encoder.</summary>
    /// <returns>z [B, d]</returns>
    public Tensor SequenceVectors(IReadOnlyList<Sample> samples)
    {
        using var noGrad = no_grad();
        var history = Histories(samples);
        return model.Encoder.SequenceVectors(history.Rows, history.Last);
    }

    /// <summary>The encoder rows of a history's items; items without a row are left out.</summary>
    public int[] Rows(Sample sample) => [.. sample.History.Select(counts.RowOf).Where(row => row >= 0)];

    /// <summary>The item's encoder row, or -1.</summary>
    public int RowOf(string item) => counts.RowOf(item);

    /// <returns>[B], the targets' indices in the catalogue.</returns>
    public Tensor Targets(IReadOnlyList<Sample> samples) =>
        tensor(samples.Select(sample => (long)catalogue.IndexOf(sample.Target)).ToArray(), device: model.Device);

    public PromptBatch Prompts(IReadOnlyList<Sample> samples) =>
        PromptBatch.Of([.. samples.Select(Prompt)], backbone.Tokenizer, model.Device);

    /// <summary>The length of the sample's prompt in tokens.</summary>
    public int PromptLength(Sample sample) => Prompt(sample).Item1.Ids.Length;

    private (Prompt, IReadOnlyList<int>) Prompt(Sample sample)
    {
        var items = sample.History.TakeLast(HistoryPrompt.MaxItems).ToArray();
        return (HistoryPrompt.Build(backbone.Tokenizer, [.. items.Select(catalogue.TitleOf)], null), [.. items.Select(counts.RowOf)]);
    }
}
