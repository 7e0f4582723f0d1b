using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Outcomes;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Scoring;
using ILoRA.Streaming.Training.Trials;

namespace ILoRA.Streaming.Training.Offline;

/// <summary>
/// Evaluates a fit on held-out later clicks, and compares it with simpler methods: its encoder alone, item-kNN and popularity.
/// </summary>
internal sealed class OfflineEvaluator(TorchBackbone torchBackbone, Backbone backbone, OfflineFitOptions options)
{
    private const int Batch = 32;
    private const int Top = 10;
    private const int Draws = 2000;
    private static readonly string[] Names = [OfflineVerdict.All, OfflineVerdict.Encoder, OfflineVerdict.Neighbours,
        OfflineVerdict.Popular];
    private static readonly HashSet<TrialScore> Scores = [TrialScore.Served, TrialScore.Encoder];

    /// <summary>Runs the evaluation.</summary>
    /// <param name="data">Catalogue and all clicks.</param>
    /// <param name="before">The number of clicks that the snapshot was fitted on.</param>
    /// <param name="known">The number of them that its encoder was fitted on; the settings of item-kNN are chosen on the others.</param>
    /// <param name="snapshot">The fitted snapshot.</param>
    /// <param name="progress">Reported to after every batch.</param>
    /// <param name="stop">Cancels the evaluation.</param>
    /// <exception cref="InvalidDataException">The held-out clicks cannot be evaluated.</exception>
    public OfflineVerdict Run(OfflineData data, int before, int known, Snapshot snapshot, IProgress<FitProgress> progress,
        CancellationToken stop)
    {
        var events = Drawn(data.HeldOut(options.HoldOutShare));
        using var catalogue = TorchCatalogue.Of(backbone, torchBackbone.Device, data.Titles);
        using var served = new ServedSnapshot(torchBackbone, backbone, catalogue, snapshot);
        var popular = Popular(snapshot.Items, catalogue);
        var neighbours = TunedNeighbours.Of(data.Clicks, known, before, catalogue.Count, catalogue.IndexOf);
        var (hits, gains) = (new HitRates(Names), new HitRates(Names));
        foreach (var (number, batch) in events.Chunk(Batch).Index())
        {
            stop.ThrowIfCancellationRequested();
            Add(batch, served, catalogue, popular, neighbours, hits, gains);
            progress.Report(new((double)(number * Batch + batch.Length) / events.Count, double.NaN,
                $"{number * Batch + batch.Length} of {events.Count} clicks"));
        }
        return Verdict(before, data.Clicks[before].Time, events, hits.Report(Draws, options.Seed), gains.Report(Draws, options.Seed));
    }

    private static void Add(TrialEvent[] batch, ServedSnapshot served, TorchCatalogue catalogue, float[] popular,
        TunedNeighbours neighbours, HitRates hits, HitRates gains)
    {
        // As in serving, histories without an item of the encoder get popular items.
        var asked = batch.Where(e => served.Knows(e.Sample)).ToArray();
        var ranked = asked.Length == 0 ? null
            : served.Rank([.. asked.Select(e => e.Sample)], [.. asked.Select(_ => Array.Empty<int>())], Scores);
        var at = 0;
        foreach (var e in batch)
        {
            var target = catalogue.IndexOf(e.Sample.Target);
            var byCount = CatalogueRank.Of(popular, target);
            var (all, encoder) = ranked is not null && served.Knows(e.Sample)
                ? (ranked[TrialScore.Served][at].Catalogue, ranked[TrialScore.Encoder][at++].Catalogue) : (byCount, byCount);
            double[] ranks = [all, encoder,
                CatalogueRank.Of(neighbours.Scores([.. e.Sample.History.Select(catalogue.IndexOf)], popular), target), byCount];
            hits.Add(e.User, [.. ranks.Select(rank => rank <= Top)]);
            gains.Add(e.User, [.. ranks.Select(rank => rank <= Top ? 1 / Math.Log2(1 + rank) : 0)]);
        }
    }

    /// <summary>The items' recent popularity at the end of the fit's clicks [M].</summary>
    private static float[] Popular(ItemTable items, TorchCatalogue catalogue) =>
        [.. catalogue.Ids.Select(item => items.RowOf(item) is var row and >= 0 ? items.Recent[row] : 0)];

    private IReadOnlyList<TrialEvent> Drawn(IReadOnlyList<TrialEvent> events)
    {
        int[] places = [.. Enumerable.Range(0, events.Count)];
        new Random(options.Seed).Shuffle(places);
        return [.. places.Take(options.MaxEvaluated).Order().Select(at => events[at])];
    }

    private static OfflineVerdict Verdict(int before, DateTimeOffset from, IReadOnlyList<TrialEvent> events, HitRateReport hits,
        HitRateReport gains) => new(
        before, from, events.Count, events.Select(e => e.User).Distinct(StringComparer.Ordinal).Count(),
        [.. Names.Reverse().Select(name => Method(name, hits.Lines[name], gains.Lines[name]))],
        Names.Skip(1).ToDictionary(name => name, name => Gain(hits.Gains[name]), StringComparer.Ordinal));

    private static OfflineMethod Method(string name, HitRate hits, HitRate gains) =>
        new(name, Rounded(hits.Rate), [Rounded(hits.Low), Rounded(hits.High)], Rounded(gains.Rate),
            [Rounded(gains.Low), Rounded(gains.High)]);

    private static OfflineGain Gain(HitRate gain) => new(Finite(gain.Rate), [Finite(gain.Low), Finite(gain.High)]);

    private static double? Finite(double value) => double.IsFinite(value) ? Rounded(value) : null;

    private static double Rounded(double value) => Math.Round(value, 4);
}
