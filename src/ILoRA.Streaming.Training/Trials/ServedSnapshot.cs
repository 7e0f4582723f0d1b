using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>Ranks targets under a snapshot as an inference worker would that serves it; the catalogue is the trial's.</summary>
internal sealed class ServedSnapshot : IDisposable
{
    private readonly TorchModel model;
    private readonly TitleTable catalogue;
    private readonly ItemCounts counts;
    private readonly ScoringContext context;

    public ServedSnapshot(TorchBackbone torchBackbone, Backbone backbone, TitleTable catalogue, Snapshot snapshot)
    {
        model = new(torchBackbone, snapshot);
        this.catalogue = catalogue;
        counts = new(snapshot.Items, 1);
        context = new(model, backbone, catalogue, counts, new NeighbourCounts(snapshot.Neighbours, int.MaxValue));
    }

    /// <summary>Whether the encoder knows any item of the history: else the worker falls back to popularity.</summary>
    public bool Knows(Sample sample) => context.Rows(sample).Length > 0;

    /// <returns>Ranks from 1 of the samples' targets: by each line's score.</returns>
    public IReadOnlyList<Ranks> Rank(IReadOnlyList<Sample> samples, bool languageModel = true)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var history = context.Histories(samples);
        var z = model.Encoder.SequenceVectors(history.Rows, history.Last);
        var features = context.Features();
        var user = context.Features(samples, model.Encoder.Logits(z), features);
        var targets = context.Targets(samples);
        var encoder = RankOf(user.LogEncoder, targets);
        var popular = RankOf(features.LogRecent.unsqueeze(0).expand_as(user.LogEncoder), targets);
        var noModel = RankOf(model.Head.Scores(null, user, features), targets);
        var fused = languageModel ? RankOf(model.Head.Scores(model.LastHidden(context.Prompts(samples), z), user, features), targets) : noModel;
        return [.. samples.Select((_, b) => new Ranks((int)fused[b], (int)noModel[b], (int)encoder[b], (int)popular[b]))];
    }

    private static long[] RankOf(Tensor scores, Tensor targets)
    {
        var own = scores.gather(1, targets.unsqueeze(1));
        return scores.greater(own).sum(1).PlusOne().cpu().data<long>().ToArray();
    }

    public void Dispose() => model.Dispose();
}

/// <summary>Ranks from 1 of one target.</summary>
/// <param name="Fused">The whole score.</param>
/// <param name="NoModel">The score without the language model's term.</param>
/// <param name="Encoder">The encoder alone.</param>
/// <param name="Popular">Recent popularity.</param>
internal readonly record struct Ranks(int Fused, int NoModel, int Encoder, int Popular);
