using ILoRA.Streaming.Model.Backbones;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Backbones;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.Cli.Commands.Fit;

/// <summary>What an adapter is fit on.</summary>
/// <param name="Torch">The frozen language model.</param>
/// <param name="Backbone">For its tokenizer.</param>
/// <param name="Titles">By item.</param>
/// <param name="Encoder">Fit on the earlier part of the clicks.</param>
/// <param name="Table">Its items.</param>
/// <param name="Clicks">User and item in event order.</param>
internal sealed record AdapterData(TorchBackbone Torch, Backbone Backbone, IReadOnlyDictionary<string, string> Titles, SasRec Encoder, ItemTable Table, IReadOnlyList<(string User, string Item)> Clicks)
{
    /// <summary>The part fitted on first, where the encoder does not say how much it has seen.</summary>
    private const double KnownShare = 0.7;

    public Snapshot Fit(AdapterFitOptions options, TitleLoss loss, IProgress<FitProgress> progress, CancellationToken cancellation)
    {
        var fit = new AdapterFit(Torch, Backbone, Titles, options, TimeProvider.System);
        return options.Scorer == Scorer.Head
            ? fit.Run(Encoder, Table, Clicks, Known(), progress, cancellation)
            : FitTitles(fit.Initial(Encoder, Table), options, loss, progress, cancellation);
    }

    /// <summary>How many of the clicks the encoder was fit on: its counts say so.</summary>
    private int Known()
    {
        var seen = Table.Recent.Any(count => count > 0) ? Table.Seen.Sum() : Clicks.Count;
        return seen < Clicks.Count ? (int)seen : (int)(KnownShare * Clicks.Count);
    }

    private Snapshot FitTitles(Snapshot start, AdapterFitOptions options, TitleLoss loss, IProgress<FitProgress> progress, CancellationToken cancellation)
    {
        var fold = new SequenceFold();
        Sample[] samples = [.. Clicks.Select(click => fold.Click(click.User, click.Item)).OfType<Sample>()];
        using var fit = new TitleFit(Torch, Backbone, start, Titles, new TitleFitOptions { Loss = loss, Seed = options.Seed });
        var begun = TimeProvider.System.GetTimestamp();
        fit.Run(samples, (step, steps, value) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var done = Math.Max((double)step / steps, TimeProvider.System.GetElapsedTime(begun) / options.Budget);
            progress.Report(new FitProgress(Math.Min(done, 1), value, "title scorer"));
            return done;
        });
        return fit.Export(start);
    }
}
