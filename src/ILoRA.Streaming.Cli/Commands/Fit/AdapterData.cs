using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
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
/// <param name="InOrder">Whether they are a stream; rows of unlike users have no order among them.</param>
internal sealed record AdapterData(TorchBackbone Torch, Backbone Backbone, IReadOnlyDictionary<string, string> Titles, SasRec Encoder,
    ItemTable Table, IReadOnlyList<(string User, string Item)> Clicks, bool InOrder)
{
    /// <summary>The part fitted on first, where the encoder does not say how much it has seen.</summary>
    private const double KnownShare = 0.7;

    /// <param name="options">How.</param>
    /// <param name="loss">The title scorer's.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="file">The checkpoint; null keeps none.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    public Snapshot Fit(AdapterFitOptions options, TitleLoss loss, IProgress<FitProgress> progress, FitFile? file,
        CancellationToken cancellation) => options.Scorer == Scorer.Head
        ? new AdapterFit(Torch, Backbone, Titles, options, TimeProvider.System).Run(Encoder, Table, Clicks, Known(), progress, file,
            cancellation)
        : FitTitles(InitialSnapshot.Of(Backbone, [.. Titles.Values], Encoder, Table, options), options, loss, progress, file, cancellation);

    /// <summary>How many of the clicks the encoder was fit on: its counts say so.</summary>
    private int Known()
    {
        var seen = Table.Recent.Any(count => count > 0) ? Table.Seen.Sum() : Clicks.Count;
        return !InOrder ? Clicks.Count : seen < Clicks.Count ? (int)seen : (int)(KnownShare * Clicks.Count);
    }

    private Snapshot FitTitles(Snapshot start, AdapterFitOptions options, TitleLoss loss, IProgress<FitProgress> progress, FitFile? file,
        CancellationToken cancellation)
    {
        var users =
            Clicks.Select(click => click.User).Distinct(StringComparer.Ordinal).Index()
                .ToDictionary(user => user.Item, user => user.Index, StringComparer.Ordinal);
        var fold = new SequenceFold();
        var samples =
            Clicks.Select(
                click => (Aside: HeldOut.Contains(users[click.User], options.ValidationShare), Sample: fold.Click(click.User, click.Item)))
                    .Where(click => click.Sample is not null)
            .ToLookup(click => click.Aside, click => click.Sample!);
        var titled =
            new TitleFitOptions
            {
                Loss = loss,
                Budget = options.Budget,
                Epochs = options.Epochs,
                Steps = options.Steps,
                Rate = options.Rate,
                Patience = options.Patience,
                Answers = options.Answers,
                TrainedLayers = options.TrainedLayers,
                TokenBudget = options.TokenBudget,
                Seed = options.Seed
            };
        return new TitleFit(Torch, Backbone, Titles, titled, TimeProvider.System).Run(start, [.. samples[false]], [.. samples[true]],
            progress, file, cancellation);
    }
}
