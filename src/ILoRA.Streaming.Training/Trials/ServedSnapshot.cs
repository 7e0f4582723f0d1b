using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>Ranks targets with a snapshot, by the same scores as an inference worker that serves it.</summary>
internal sealed class ServedSnapshot : IDisposable
{
    private readonly TorchModel model;
    private readonly ScoringContext context;

    public ServedSnapshot(TorchBackbone torchBackbone, Backbone backbone, TorchCatalogue catalogue, Snapshot snapshot)
    {
        model = new(torchBackbone, snapshot);
        context = ScoringContext.Of(model, backbone, catalogue, snapshot);
    }

    /// <summary>Whether the encoder has a row for an item of the history; without one, serving falls back to popularity.</summary>
    public bool Knows(Sample sample) => context.Rows(sample).Length > 0;

    /// <summary>Ranks the targets of samples.</summary>
    /// <param name="samples">B samples.</param>
    /// <param name="candidates">The candidates of each sample without its target, as indices into the catalogue.</param>
    /// <param name="scores">The scores to rank by.</param>
    /// <returns>The targets' ranks [B], by score.</returns>
    public IReadOnlyDictionary<TrialScore, Ranks[]> Rank(IReadOnlyList<Sample> samples, IReadOnlyList<int[]> candidates,
        IReadOnlySet<TrialScore> scores)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var z = context.SequenceVectors(samples);
        var features = context.Features();
        var user = context.Features(samples, model.Encoder.Logits(z), features);
        var targets = context.Targets(samples);
        return scores.ToDictionary(score => score, score => RanksOf(score switch
        {
            TrialScore.Encoder => user.LogEncoder,
            TrialScore.Popular => features.LogRecent.unsqueeze(0).expand_as(user.LogEncoder),
            TrialScore.NoLanguageModel => model.Head.Scores(null, user, features),
            _ => model.Head.Scores(model.LastHidden(context.Prompts(samples), z), user, features),
        }, targets, candidates));
    }

    // Shorter lists of candidates are padded with the target, which is neither ranked above itself nor counted as a tie.
    private static Ranks[] RanksOf(Tensor scores, Tensor targets, IReadOnlyList<int[]> candidates)
    {
        var most = Math.Max(1, candidates.Max(row => row.Length));
        var places = targets.cpu().data<long>().ToArray();
        long[] among = [.. candidates.SelectMany(
            (row, b) => Enumerable.Range(0, most).Select(at => at < row.Length ? row[at] : places[b]))];
        var rows = tensor(among, [candidates.Count, most], device: scores.device);      // [B, C]
        var own = scores.gather(1, targets.unsqueeze(1));                               // [B, 1]
        var others = scores.gather(1, rows);
        var tied = others.eq(own).logical_and(rows.not_equal(targets.unsqueeze(1)));
        long[] above = Counted(scores.greater(own)), equal = Counted(scores.eq(own)), aboveAmong = Counted(others.greater(own)),
            equalAmong = Counted(tied);
        return [.. places.Select((_, b) => new Ranks(Rank(above[b], equal[b] - 1), Rank(aboveAmong[b], equalAmong[b])))];
    }

    private static long[] Counted(Tensor marks) => marks.sum(1).cpu().data<long>().ToArray();

    // The mean rank of tied items.
    private static double Rank(long above, long tied) => 1 + above + tied / 2.0;

    public void Dispose() => model.Dispose();
}

/// <summary>A target's ranks, from 1; with ties the mean rank of the tied items, which may be fractional.</summary>
/// <param name="Catalogue">The rank among all items.</param>
/// <param name="Candidates">The rank among the candidates.</param>
internal readonly record struct Ranks(double Catalogue, double Candidates);
