using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>Ranks targets under a snapshot as an inference worker would that serves it; the catalogue is the trial's.</summary>
internal sealed class ServedSnapshot : IDisposable
{
    private readonly TorchModel model;
    private readonly ScoringContext context;

    public ServedSnapshot(TorchBackbone torchBackbone, Backbone backbone, TorchCatalogue catalogue, Snapshot snapshot)
    {
        model = new(torchBackbone, snapshot);
        context = ScoringContext.Of(model, backbone, catalogue, snapshot);
    }

    /// <summary>Whether the encoder knows any item of the history: else the worker falls back to popularity.</summary>
    public bool Knows(Sample sample) => context.Rows(sample).Length > 0;

    /// <param name="samples">B histories and targets.</param>
    /// <param name="candidates">Places in the catalogue that each target is ranked among, the target left out.</param>
    /// <param name="scores">By what to rank.</param>
    /// <returns>The targets' ranks [B] by score.</returns>
    public IReadOnlyDictionary<TrialScore, Ranks[]> Rank(IReadOnlyList<Sample> samples, IReadOnlyList<int[]> candidates, IReadOnlySet<TrialScore> scores)
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

    // Places that are missing from a row hold its target, which is not above itself and does not count as a tie.
    private static Ranks[] RanksOf(Tensor scores, Tensor targets, IReadOnlyList<int[]> candidates)
    {
        var most = Math.Max(1, candidates.Max(row => row.Length));
        var places = targets.cpu().data<long>().ToArray();
        long[] among = [.. candidates.SelectMany((row, b) => Enumerable.Range(0, most).Select(at => at < row.Length ? row[at] : places[b]))];
        var rows = tensor(among, [candidates.Count, most], device: scores.device);      // [B, C]
        var own = scores.gather(1, targets.unsqueeze(1));                               // [B, 1]
        var others = scores.gather(1, rows);
        var tied = others.eq(own).logical_and(rows.not_equal(targets.unsqueeze(1)));
        long[] above = Counted(scores.greater(own)), equal = Counted(scores.eq(own)), aboveAmong = Counted(others.greater(own)), equalAmong = Counted(tied);
        return [.. places.Select((_, b) => new Ranks(Rank(above[b], equal[b] - 1), Rank(aboveAmong[b], equalAmong[b])))];
    }

    private static long[] Counted(Tensor marks) => marks.sum(1).cpu().data<long>().ToArray();

    // The middle of the places that tied items share.
    private static double Rank(long above, long tied) => 1 + above + tied / 2.0;

    public void Dispose() => model.Dispose();
}

/// <summary>A target's rank, from 1; between two places where it is tied.</summary>
/// <param name="Catalogue">Among all items.</param>
/// <param name="Candidates">Among the drawn ones.</param>
internal readonly record struct Ranks(double Catalogue, double Candidates);
