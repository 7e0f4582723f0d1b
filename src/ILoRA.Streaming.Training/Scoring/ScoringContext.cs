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

/// <summary>Turns samples into what the model reads: catalogue features, encoder terms, prompts.</summary>
public sealed class ScoringContext(TorchModel model, Backbone backbone, TorchCatalogue catalogue, ItemCounts counts, NeighbourCounts neighbours)
{
    /// <summary>For a version as it stands: its counts and neighbours neither fade nor are cut.</summary>
    public static ScoringContext Of(TorchModel model, Backbone backbone, TorchCatalogue catalogue, Snapshot snapshot) =>
        new(model, backbone, catalogue, new(snapshot.Items, 1), new(snapshot.Neighbours, int.MaxValue));

    /// <summary>The catalogue as of now. The caller's dispose scope owns the tensors.</summary>
    public CatalogueFeatures Features()
    {
        var rows = catalogue.Ids.Select(counts.RowOf).ToArray();
        var seen = rows.Select(counts.Seen).ToArray();
        var known = tensor(rows.Select(row => row >= 0 ? 1f : 0f).ToArray(), device: model.Device).unsqueeze(1);
        var embedded = model.Encoder.ItemFeatures().detach().index_select(0, tensor(rows.Select(row => (long)Math.Max(row, 0)).ToArray(), device: model.Device));
        return new(catalogue.Vectors(), model.Head.Directions(catalogue.Vectors()), embedded * known,
            tensor(seen.Select(n => n / (n + ScoreHead.Shrinkage)).ToArray(), device: model.Device).unsqueeze(1),
            tensor(rows.Select(row => MathF.Log(1 + counts.Recent(row))).ToArray(), device: model.Device),
            tensor(seen.Select(n => n == 0 ? 1f : 0f).ToArray(), device: model.Device));
    }

    /// <param name="samples">B histories.</param>
    /// <param name="logits">[B, N], the encoder's.</param>
    /// <param name="features">The catalogue as of now.</param>
    public HistoryFeatures Features(IReadOnlyList<Sample> samples, Tensor logits, CatalogueFeatures features) =>
        new(LogEncoder(logits), LogRepeat(samples), Similar(samples, features), Together(samples));

    /// <param name="logits">[B, N] encoder logits.</param>
    /// <returns>[B, M] log-probabilities in catalogue order, over the items seen; -log N for others.</returns>
    public Tensor LogEncoder(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var count = logits.shape[1];
        var log = logits.MaskOut(Unseen()).log_softmax(-1);
        var unknown = tensor(Enumerable.Repeat(SasRec.LogUnknown((int)count), (int)logits.shape[0]).ToArray(), device: model.Device).unsqueeze(1);
        return ByPlace(log, unknown).MoveToOuterDisposeScope();
    }

    // From encoder rows [B, N] to catalogue places [B, M]; items never seen take the value given [B, 1].
    private Tensor ByPlace(Tensor byRow, Tensor unknown)
    {
        var count = byRow.shape[1];
        var columns = catalogue.Ids.Select(id => counts.RowOf(id) is var row and >= 0 && counts.Seen(row) > 0 ? row : count).ToArray();
        return cat([byRow, unknown], 1).index_select(1, tensor(columns, device: model.Device));
    }

    /// <returns>[N], true for rows that were never seen: they stay out of the encoder's softmax.</returns>
    public Tensor Unseen() => tensor(Enumerable.Range(0, counts.Count).Select(row => counts.Seen(row) == 0).ToArray(), device: model.Device);

    private Tensor Similar(IReadOnlyList<Sample> samples, CatalogueFeatures features)
    {
        using var scope = NewDisposeScope();
        var (places, weights) = (new long[samples.Count * TitleSimilarity.Window], new float[samples.Count * TitleSimilarity.Window]);
        for (var b = 0; b < samples.Count; b++)
        {
            var (at, weight) = (b * TitleSimilarity.Window, 1f);
            foreach (var item in samples[b].History.TakeLast(TitleSimilarity.Window).Reverse())
            {
                // An item that is not in the catalogue has no title: the place counts, with nothing in it.
                var place = catalogue.IndexOf(item);
                (places[at], weights[at]) = (Math.Max(place, 0), place < 0 ? 0 : weight);
                (at, weight) = (at + 1, weight * TitleSimilarity.Decay);
            }
        }
        var titles = features.Directions.index_select(0, tensor(places, device: model.Device)).view(samples.Count, TitleSimilarity.Window, -1);    // [B, W, H]
        var query = (titles * tensor(weights, [samples.Count, TitleSimilarity.Window, 1], device: model.Device)).sum([1L]);                     // [B, H]
        return query.matmul(features.Directions.t()).MoveToOuterDisposeScope();
    }

    private Tensor Together(IReadOnlyList<Sample> samples)
    {
        using var scope = NewDisposeScope();
        float[] values = [.. samples.SelectMany(sample => ItemNeighbours.CoOccurrence(Rows(sample), counts.SeenByRow, neighbours.Of))];
        return ByPlace(tensor(values, [samples.Count, counts.Count], device: model.Device), zeros(samples.Count, 1, device: model.Device)).MoveToOuterDisposeScope();
    }

    /// <returns>[B, M] log(1 + times the item is in the history).</returns>
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

    /// <returns>The samples' encoder histories; those without a known item must have been left out (see <see cref="Rows"/>).</returns>
    public History Histories(IReadOnlyList<Sample> samples) => History.Of([.. samples.Select(Rows)], model.Encoder.Positions, model.Device);

    /// <returns>z [B, d], without a gradient to the encoder: what gates and the encoder's own logits read of the histories.</returns>
    public Tensor SequenceVectors(IReadOnlyList<Sample> samples)
    {
        using var noGrad = no_grad();
        var history = Histories(samples);
        return model.Encoder.SequenceVectors(history.Rows, history.Last);
    }

    /// <returns>Encoder rows of the known items of a history.</returns>
    public int[] Rows(Sample sample) => [.. sample.History.Select(counts.RowOf).Where(row => row >= 0)];

    /// <returns>The item's encoder row, or -1.</returns>
    public int RowOf(string item) => counts.RowOf(item);

    /// <returns>[B], places in the catalogue.</returns>
    public Tensor Targets(IReadOnlyList<Sample> samples) =>
        tensor(samples.Select(sample => (long)catalogue.IndexOf(sample.Target)).ToArray(), device: model.Device);

    public PromptBatch Prompts(IReadOnlyList<Sample> samples) => PromptBatch.Of([.. samples.Select(Prompt)], backbone.Tokenizer, model.Device);

    /// <returns>How many tokens the sample's prompt has.</returns>
    public int PromptLength(Sample sample) => Prompt(sample).Item1.Ids.Length;

    private (Prompt, IReadOnlyList<int>) Prompt(Sample sample)
    {
        var items = sample.History.TakeLast(HistoryPrompt.MaxItems).ToArray();
        return (HistoryPrompt.Build(backbone.Tokenizer, [.. items.Select(catalogue.TitleOf)], null), [.. items.Select(counts.RowOf)]);
    }
}
