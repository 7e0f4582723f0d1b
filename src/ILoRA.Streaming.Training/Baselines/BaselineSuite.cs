using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>
/// Fits the methods that need no language model. Each is fit twice: on the users that are not put aside, to choose its settings and its weight in a fusion on
/// those who are; then on all of them, to be measured.
/// </summary>
/// <param name="all">All training users.</param>
/// <param name="aside">The share put aside.</param>
/// <param name="rows">Rows drawn from those.</param>
/// <param name="candidates">Candidates of each such row.</param>
/// <param name="seed">Draws them, and begins the encoder's fit.</param>
/// <param name="time">Measures.</param>
public sealed class BaselineSuite(Interactions all, double aside, int rows, int candidates, int seed, TimeProvider time)
{
    public const string RandomName = "random";
    public const string NeighboursName = "item-kNN";
    public const string EncoderName = "encoder";
    public const string TitleBagName = "trained bag, titles";
    public const string TrainedBagName = "trained bag";

    private static readonly NeighbourOptions[] NeighbourGrid = [.. from power in new[] { 0, 0.5f, 1 } from shrink in new[] { 0f, 1, 5, 20 } select new NeighbourOptions(shrink, power)];
    private static readonly double[] EaseGrid = [200, 1000, 5000];
    private static readonly int[] BagGrid = [1, 2, 4];

    private readonly Interactions kept = all.Split(aside).Kept;
    private (EncoderFitOptions Options, SasRec Kept, SasRec All)? ownEncoders;

    /// <summary>The rows that settings and weights are chosen on.</summary>
    public IReadOnlyList<RankingCase> HeldOut { get; } = HeldOutCases.Draw(all.Split(aside).HeldOut, candidates, rows, new Random(seed));

    public FittedMethod Random()
    {
        var random = new Random(seed);
        return Fit(new Method(RandomName, false, row => [.. row.Draws.Select(draw => Array.ConvertAll(draw, _ => random.NextSingle()))]));
    }

    public FittedMethod Popular() => Fit(Method.OfCatalogue("popularity", new Popularity(kept).Scores), Method.OfCatalogue("popularity", new Popularity(all).Scores));

    public FittedMethod Neighbours()
    {
        var best = Best(NeighbourGrid, option => new ItemKnn(kept, option).Scores);
        return Fit(Method.OfCatalogue(NeighboursName, new ItemKnn(kept, best).Scores), Method.OfCatalogue(NeighboursName, new ItemKnn(all, best).Scores), $"shrink {best.Shrink}, user power {best.UserPower}");
    }

    public FittedMethod RidgeRegression()
    {
        var fitted = EaseGrid.ToDictionary(lambda => lambda, lambda => new Ease(kept, lambda));
        var best = Best(EaseGrid, lambda => fitted[lambda].Scores);
        return Fit(Method.OfCatalogue("EASE", fitted[best].Scores), Method.OfCatalogue("EASE", new Ease(all, best).Scores), $"lambda {best}");
    }

    /// <summary>SASRec with full softmax, fit here.</summary>
    public FittedMethod OwnEncoder(EncoderFitOptions options, Device device, IProgress<FitProgress>? progress = null, CancellationToken stop = default)
    {
        Method On(SasRec encoder) => Method.OfCatalogue("own encoder", new EncoderScores(encoder, [.. Enumerable.Range(0, all.Items)]).Scores);
        var (onKept, onAll) = Encoders(options, device, progress, stop);
        return Fit(On(onKept), On(onAll), $"{options.Epochs} epochs");
    }

    /// <summary>The score head over a bag of title vectors, fit here: what a line with passes of a language model adds must show against this one.</summary>
    /// <param name="titles">[M][H], title vectors.</param>
    /// <param name="encoder">How the own encoder is fit whose rows are read too; null reads titles only.</param>
    /// <param name="options">How the bag is fit, but for its epochs, which are chosen.</param>
    /// <param name="device">Where.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="stop">Ends the fit early, by an exception.</param>
    public FittedMethod Bag(IReadOnlyList<float[]> titles, EncoderFitOptions? encoder, BagFitOptions options, Device device, IProgress<FitProgress>? progress = null, CancellationToken stop = default)
    {
        var name = encoder is null ? TitleBagName : TrainedBagName;
        var (onKept, onAll) = encoder is null ? (null, null) : ((SasRec?, SasRec?))Encoders(encoder, device, progress, stop);
        Func<int[], float[]> On(Interactions interactions, SasRec? rows, int epochs)
        {
            var bag = BagFit.Run(interactions, new(titles, rows), options with { Epochs = epochs, Seed = seed }, device, progress, stop);
            return history => bag.Scores(all.Items, history);
        }
        var fitted = BagGrid.ToDictionary(epochs => epochs, epochs => On(kept, onKept, epochs));
        var best = Best(BagGrid, epochs => fitted[epochs]);
        Method Named(Func<int[], float[]> scores) => Method.OfCatalogue(name, scores) with { LanguageModel = true };
        return Fit(Named(fitted[best]), Named(On(all, onAll, best)), $"{best} epochs");
    }

    private (SasRec Kept, SasRec All) Encoders(EncoderFitOptions options, Device device, IProgress<FitProgress>? progress, CancellationToken stop)
    {
        SasRec On(Interactions interactions) => EncoderFit.Run(interactions.Sequences, all.Items, options with { Seed = seed }, device, progress, stop: stop);
        if (ownEncoders is not { } made || made.Options != options)
            ownEncoders = made = (options, On(kept), On(all));
        return (made.Kept, made.All);
    }

    /// <summary>A given encoder; it may have seen the users put aside.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="places">[M], its row of each item, or -1.</param>
    public FittedMethod Encoder(SasRec encoder, int[] places) => Fit(Method.OfCatalogue(EncoderName, new EncoderScores(encoder, places).Scores));

    /// <summary>Wraps a method that is not fit here.</summary>
    public FittedMethod Fit(Method method) => Fit(method, method);

    private FittedMethod Fit(Method onKept, Method onAll, string settings = "") => new(onAll, onKept.Run(HeldOut, time), settings);

    /// <summary>By mean reciprocal rank: it moves with every rank, so it needs fewer rows than HR@1.</summary>
    private T Best<T>(IEnumerable<T> grid, Func<T, Func<int[], float[]>> scores) => grid.MaxBy(option => Method.OfCatalogue("", scores(option)).Run(HeldOut, time).Mrr)!;
}

/// <param name="Method">Ready to be measured.</param>
/// <param name="HeldOut">How it ranked the held-out rows without having seen their users.</param>
/// <param name="Settings">What was chosen, for the table.</param>
public sealed record FittedMethod(Method Method, MethodResult HeldOut, string Settings);
