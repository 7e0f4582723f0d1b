using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Encoders;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Optimisers;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Online;

/// <summary>
/// Learns from samples as they come: the encoder from every one, the head and (gently, held to the last release) gate and experts from a part of
/// them. Knows nothing of Kafka. Every loss that fits the score's terms reads the encoder as it was before the sample: test, then train.
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
    private readonly TitleLikelihoods? reader;
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
        reader = start.Scorer == Scorer.Title ? new(model, backbone, catalogue, context, new(torchBackbone, backbone, [])) : null;
        replay = new(options.ReplayRecent, options.ReplayReservoir);
        random = new((ulong)options.Seed);
        encoderAdam.AddRange(model.Encoder.Parameters());
        headAdam.AddRange(model.Head.Maps());
        scalarAdam.AddRange(reader is null ? model.Head.Scalars() : model.Head.Scalars().Concat(model.Head.TitleWeights()));
        adapterAdam.AddRange(model.AdapterParameters());
        adapterAdam.Anchor();
    }

    /// <summary>Multiplies the rates of head and adapter: a fit's schedule; 1 online.</summary>
    public double RateScale { get; set; } = 1;

    /// <summary>
    /// The most tokens of one pass of a step, padding counted; null goes by the device. A pass keeps about 40 KB a token and layer for its way back (width 576, float32): 512 tokens and
    /// 30 layers take 0.6 GB. A GPU has the memory, and is idle in small passes.
    /// </summary>
    internal int? TokensAtOnce { get; init; }

    /// <summary>Samples observed since the beginning of the line.</summary>
    public long Observed { get; private set; }

    /// <summary>An item of the catalogue, new or with a new title.</summary>
    public void SetItem(string item, string title) => catalogue.Set(item, title);

    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">Samples in the order of the stream.</param>
    /// <param name="languageModelShare">The part that also goes through the language model; null takes the option's.</param>
    /// <returns>Mean losses before the update.</returns>
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

    /// <summary>The terms of the score of samples that were not learned from yet, in the order of <see cref="ScoreWeights.Terms"/> and the language model's last.</summary>
    /// <param name="batch">B samples, those without a known item left out.</param>
    /// <returns>[B, M, terms + 1] and the targets' places in the catalogue [B]; the caller's. Null where no sample is left.</returns>
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
        var terms = ScoreWeights.Terms.Select(term => user.Term(term, features)).Append(language).Select(term => term.expand_as(language)).ToArray();
        return (stack(terms, 2).DetachFromDisposeScope(), context.Targets(usable).DetachFromDisposeScope());
    }

    /// <summary>The state as a snapshot; gate and experts are held to it from now on.</summary>
    public Snapshot Release()
    {
        adapterAdam.Anchor();
        return model.Export(counts.Export(), neighbours.Export(counts.Count));
    }

    /// <summary>Softmax over the items seen, at the new item and, with less weight, at each item of the history.</summary>
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

    /// <returns>Rows that follow each position [B x L] and what they weigh; padding weighs nothing.</returns>
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

    /// <summary>Counts the targets and what they were clicked with; an item that was never seen gets its row now.</summary>
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
            model.Encoder.SetToMean(row, tensor(places.Select(place => (long)counts.RowOf(catalogue.Ids[(int)place])).ToArray(), device: model.Device), weights);
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

/// <param name="EncoderLoss">Nats, before the update.</param>
/// <param name="ScoreLoss">Nats, before the update; 0 where no sample went through the language model.</param>
public sealed record StepReport(double EncoderLoss, double ScoreLoss);
