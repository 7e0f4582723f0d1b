using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Online;

/// <summary>
/// Trains a snapshot on a stream of samples: the encoder on every sample; head, gate and experts on a share of them, with experience
/// replay. Gate and experts learn with a low learning rate and are pulled towards the last release. The losses of the score's terms use the
/// encoder as it was before the sample (test, then train). Independent of Kafka.
/// </summary>
public sealed partial class OnlineTrainer : IDisposable
{
    private readonly OnlineTrainerOptions options;
    private readonly TorchModel model;
    private readonly TorchCatalogue catalogue;
    private readonly ReplayBuffer replay;
    private readonly Adam encoderAdam = new();
    private readonly Adam headAdam = new();
    private readonly Adam scalarAdam = new();
    private readonly Adam adapterAdam = new();
    private readonly ItemCounts counts;
    private readonly NeighbourCounts neighbours;
    private readonly ScoringContext context;
    private readonly TitleLikelihoods? titleLikelihoods;
    private SavedRandom random;

    public OnlineTrainer(TorchBackbone torchBackbone, Backbone backbone, Snapshot start, OnlineTrainerOptions options)
    {
        this.options = options;
        model = new(torchBackbone, start, options.TrainedLayers);
        catalogue = new(backbone, torchBackbone.Device);
        foreach (var item in start.Items.Ids)
            catalogue.Add(item);
        counts = new(start.Items, options.PopularityHalfLife);
        neighbours = new(start.Neighbours, options.Neighbours);
        context = new(model, backbone, catalogue, counts, neighbours);
        titleLikelihoods = start.Scorer == Scorer.Title ? new(model, backbone, catalogue, context, new(torchBackbone, backbone, [])) : null;
        replay = new(options.ReplayRecent, options.ReplayReservoir);
        random = new((ulong)options.Seed);
        encoderAdam.AddRange(model.Encoder.Parameters());
        headAdam.AddRange(model.Head.Maps());
        scalarAdam.AddRange(titleLikelihoods is null ? model.Head.Scalars() : model.Head.Scalars().Concat(model.Head.TitleWeights()));
        adapterAdam.AddRange(model.AdapterParameters());
        adapterAdam.Anchor();
    }

    /// <summary>A factor of the learning rates of head and adapter, by which an offline fit applies its schedule; 1 online.</summary>
    public double RateScale { get; set; } = 1;

    /// <summary>
    /// The maximum number of tokens of one forward pass, including padding; null is 512 on a CPU and 8192 on a GPU. A forward pass keeps
    /// about 40 KB of activations per token and layer for the backward pass (width 576, float32): 512 tokens and 30 layers take 0.6 GB. A
    /// GPU has more memory and is under-used by small passes.
    /// </summary>
    internal int? TokensPerPass { get; init; }

    /// <summary>The number of samples observed since the line's first version.</summary>
    public long Observed { get; private set; }

    /// <summary>Adds an item to the catalogue, or changes its title.</summary>
    public void SetItem(string item, string title) => catalogue.Set(item, title);

    /// <summary>Trains on a mini-batch.</summary>
    /// <param name="batch">Samples in the order of the stream.</param>
    /// <param name="languageModelShare">
    /// The share of samples that also go through the language model; null takes the option's value.
    /// </param>
    /// <returns>The mean losses before the update.</returns>
    public StepReport Observe(IReadOnlyList<Sample> batch, double? languageModelShare = null)
    {
        foreach (var sample in batch)
            catalogue.Add(sample.Target);
        var usable = batch.Where(sample => context.Rows(sample).Length > 0).ToArray();
        var headLoss = LearnScore(usable, languageModelShare ?? options.LanguageModelShare);
        Count(batch);
        var encoderLoss = LearnEncoder(usable);
        foreach (var sample in usable)
            replay.Add(sample, random);
        Observed += batch.Count;
        return new(encoderLoss, headLoss);
    }

    /// <summary>
    /// The values of the score's terms for samples that were not trained on yet: first those of <see cref="ScoreWeights.Terms"/>, then the
    /// language model's.
    /// </summary>
    /// <param name="batch">The samples; those without a known item are left out, which leaves B.</param>
    /// <returns>
    /// The terms [B, M, terms + 1] and the targets' indices in the catalogue [B]; the caller disposes of both. Null where no sample is
    /// left.
    /// </returns>
    public (Tensor Terms, Tensor Targets)? Terms(IReadOnlyList<Sample> batch)
    {
        var usable = batch.Where(sample => context.Rows(sample).Length > 0 && catalogue.IndexOf(sample.Target) >= 0).ToArray();
        if (usable.Length == 0)
            return null;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var features = context.Features();
        var (user, z) = Histories(usable, features);
        var language = model.Head.LanguageModelTerm(model.LastHidden(context.Prompts(usable), z), features);
        var terms =
            ScoreWeights.Terms.Select(term => user.Term(term, features)).Append(language).Select(term => term.expand_as(language))
                .ToArray();
        return (stack(terms, 2).DetachFromDisposeScope(), context.Targets(usable).DetachFromDisposeScope());
    }

    /// <summary>The current state as a snapshot. From now on gate and experts are pulled towards it.</summary>
    public Snapshot Release()
    {
        adapterAdam.Anchor();
        return model.Export(counts.Export(), neighbours.Export(counts.Count));
    }

    /// <summary>
    /// Trains the encoder by cross-entropy over the items with clicks: for the target, and with a smaller weight for each item of the
    /// history.
    /// </summary>
    private double LearnEncoder(Sample[] samples)
    {
        if (samples.Length == 0 || options.EncoderRate == 0)
            return 0;
        using var scope = NewDisposeScope();
        var rows = samples.Select(context.Rows).ToArray();
        var history = History.Of(rows, model.Encoder.Positions, model.Device);
        var (targets, weights) = EncoderTargets(rows, samples, (int)history.Rows.shape[1]);
        var logits = model.Encoder.Logits(model.Encoder.Encode(history.Rows)).MaskOut(context.Unseen());     // [B, L, N]
        var losses = nn.functional.cross_entropy(logits.flatten(0, 1), targets, reduction: nn.Reduction.None);
        encoderAdam.ZeroGradients();
        ((losses * weights).sum() / weights.sum()).backward();
        encoderAdam.Update(options.EncoderRate, options.Clip);
        return losses.Values().Zip(weights.Values()).Where(pair => pair.Second == 1).Average(pair => pair.First);
    }

    /// <returns>[B x L], the row that follows each position, and its weight in the loss; padding has weight 0.</returns>
    private (Tensor Targets, Tensor Weights) EncoderTargets(int[][] rows, Sample[] samples, int length)
    {
        var targets = new long[samples.Length * length];
        var weights = new float[targets.Length];
        for (var b = 0; b < samples.Length; b++)
        {
            var read = rows[b].Length > length ? rows[b][^length..] : rows[b];
            for (var t = 0; t < read.Length; t++)
            {
                var isNew = t == read.Length - 1;
                targets[b * length + t] = isNew ? counts.RowOf(samples[b].Target) : read[t + 1];
                weights[b * length + t] = isNew ? 1 : (float)Math.Min(options.HistoryWeight, 0.999);
            }
        }
        return (tensor(targets, device: model.Device), tensor(weights, device: model.Device));
    }

    private (HistoryFeatures User, Tensor Z) Histories(IReadOnlyList<Sample> samples, CatalogueFeatures features)
    {
        using var noGrad = no_grad();
        var z = context.SequenceVectors(samples);
        return (context.Features(samples, model.Encoder.Logits(z), features), z);
    }

    /// <summary>Counts the targets' clicks and co-occurrences; appends an encoder row for each item that has none.</summary>
    private void Count(IReadOnlyList<Sample> batch)
    {
        foreach (var sample in batch)
        {
            var row = counts.RowOf(sample.Target);
            if (row < 0)
                row = AppendRow(sample.Target);
            counts.Click(row);
            neighbours.Click(context.Rows(sample), row);
        }
    }

    private int AppendRow(string item)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var known = catalogue.Ids.Select(id => counts.Seen(counts.RowOf(id)) > 0).ToArray();
        var similar = options.SimilarTitles > 0 ? catalogue.Nearest(item, known, options.SimilarTitles) : null;
        foreach (var replaced in model.Encoder.Append(1, random))
        {
            encoderAdam.Replace(replaced.Name, replaced.New);
            replaced.Old.Dispose();
        }
        var row = counts.Append(item);
        if (similar is var (places, weights))
            model.Encoder.SetToMean(row,
                tensor(places.Select(place => (long)counts.RowOf(catalogue.Ids[(int)place])).ToArray(), device: model.Device), weights);
        return row;
    }

    public void Dispose()
    {
        model.Dispose();
        catalogue.Dispose();
        encoderAdam.Dispose();
        headAdam.Dispose();
        scalarAdam.Dispose();
        adapterAdam.Dispose();
    }
}

/// <summary>The losses of one training step, before its update.</summary>
/// <param name="EncoderLoss">The encoder's mean loss, nats.</param>
/// <param name="ScoreLoss">The scorer's mean loss, nats; 0 where no sample went through the language model.</param>
public sealed record StepReport(double EncoderLoss, double ScoreLoss);
