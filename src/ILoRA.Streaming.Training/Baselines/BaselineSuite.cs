using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Baselines;

/// <summary>
/// Fits the baselines, which do not run a language model. Each is fitted twice: without the held-out users, to choose its settings and its
/// weight in a fusion on their rows; and on all training users, for the result to report.
/// </summary>
/// <param name="all">All training users.</param>
/// <param name="holdOutShare">The share of users to hold out.</param>
/// <param name="rows">The maximum number of rows drawn from the held-out users.</param>
/// <param name="candidates">The number of candidates of such a row.</param>
/// <param name="seed">The seed for rows, candidates and fits.</param>
/// <param name="time">The clock for the results' times.</param>
public sealed class BaselineSuite(Interactions all, double holdOutShare, int rows, int candidates, int seed, TimeProvider time)
{
    public const string RandomName = "random";
    public const string NeighboursName = "item-kNN";
    public const string EncoderName = "encoder";
    public const string TitleBagName = "trained bag, titles";
    public const string TrainedBagName = "trained bag";

    private static readonly NeighbourOptions[] NeighbourGrid = [.. from power in new[] { 0, 0.5f,
        1 } from shrink in new[] { 0f, 1, 5, 20 } select new NeighbourOptions(shrink, power)];
    private static readonly double[] EaseGrid = [200, 1000, 5000];
    private static readonly int[] BagGrid = [1, 2, 4];

    private readonly Interactions kept = all.Split(holdOutShare).Kept;
    private (EncoderFitOptions Options, SasRec Kept, SasRec All)? ownEncoders;

    /// <summary>The rows of held-out users, on which settings and fusion weights are chosen.</summary>
    public IReadOnlyList<RankingCase> HeldOut { get; } =
        HeldOutCases.Draw(all.Split(holdOutShare).HeldOut, candidates, rows, new Random(seed));

    /// <summary>Random scores.</summary>
    public FittedMethod Random()
    {
        var random = new Random(seed);
        return Fit(new Method(RandomName, false, row => [.. row.Draws.Select(draw => Array.ConvertAll(draw, _ => random.NextSingle()))]));
    }

    /// <summary>Popularity.</summary>
    public FittedMethod Popular() =>
        Fit(Method.OfCatalogue("popularity", new Popularity(kept).Scores), Method.OfCatalogue("popularity", new Popularity(all).Scores));

    /// <summary>Item-kNN.</summary>
    public FittedMethod Neighbours()
    {
        var best = Best(NeighbourGrid, option => new ItemKnn(kept, option).Scores);
        return Fit(Method.OfCatalogue(NeighboursName, new ItemKnn(kept, best).Scores),
            Method.OfCatalogue(NeighboursName, new ItemKnn(all, best).Scores), $"shrink {best.Shrink}, user power {best.UserPower}");
    }

    /// <summary>EASE.</summary>
    public FittedMethod RidgeRegression()
    {
        var fitted = EaseGrid.ToDictionary(lambda => lambda, lambda => new Ease(kept, lambda));
        var best = Best(EaseGrid, lambda => fitted[lambda].Scores);
        return Fit(Method.OfCatalogue("EASE", fitted[best].Scores), Method.OfCatalogue("EASE", new Ease(all, best).Scores),
            $"lambda {best}");
    }

    /// <summary>SASRec with full softmax, fitted by this suite.</summary>
    public FittedMethod OwnEncoder(EncoderFitOptions options, Device device, IProgress<FitProgress>? progress = null,
        CancellationToken stop = default)
    {
        Method On(SasRec encoder) =>
            Method.OfCatalogue("own encoder", new EncoderScores(encoder, [.. Enumerable.Range(0, all.Items)]).Scores);
        var (onKept, onAll) = Encoders(options, device, progress, stop);
        return Fit(On(onKept), On(onAll), $"{options.Epochs} epochs");
    }

    /// <summary>
    /// A trained bag of title vectors (<see cref="TrainedBag"/>): the control for what the forward passes of a language model add.
    /// </summary>
    /// <param name="titles">[M][H], title vectors.</param>
    /// <param name="encoder">The options of the own encoder whose item rows are used too; null uses titles only.</param>
    /// <param name="options">Hyperparameters of the bag; the number of epochs is chosen on the held-out rows.</param>
    /// <param name="device">The device to train on.</param>
    /// <param name="progress">Reported to after every mini-batch.</param>
    /// <param name="stop">Cancels the fit.</param>
    public FittedMethod Bag(IReadOnlyList<float[]> titles, EncoderFitOptions? encoder, BagFitOptions options, Device device,
        IProgress<FitProgress>? progress = null, CancellationToken stop = default)
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

    private (SasRec Kept, SasRec All) Encoders(EncoderFitOptions options, Device device, IProgress<FitProgress>? progress,
        CancellationToken stop)
    {
        SasRec On(Interactions interactions) =>
            EncoderFit.Run(interactions.Sequences, all.Items, options with { Seed = seed }, device, progress, stop: stop);
        if (ownEncoders is not { } made || made.Options != options)
            ownEncoders = made = (options, On(kept), On(all));
        return (made.Kept, made.All);
    }

    /// <summary>A given encoder, which may have been fitted on the held-out users.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="rows">[M], the encoder's row of each item, or -1.</param>
    public FittedMethod Encoder(SasRec encoder, int[] rows) =>
        Fit(Method.OfCatalogue(EncoderName, new EncoderScores(encoder, rows).Scores));

    /// <summary>Adds the result on the held-out rows to a method that is not fitted by this suite.</summary>
    public FittedMethod Fit(Method method) => Fit(method, method);

    private FittedMethod Fit(Method onKept, Method onAll, string settings = "") => new(onAll, onKept.Run(HeldOut, time), settings);

    /// <summary>The setting with the highest mean reciprocal rank, which depends on every rank and so needs fewer rows than HR@1.</summary>
    private T Best<T>(IEnumerable<T> grid, Func<T, Func<int[], float[]>> scores) =>
        grid.MaxBy(option => Method.OfCatalogue("", scores(option)).Run(HeldOut, time).Mrr)!;
}

/// <summary>A baseline fitted on all training users.</summary>
/// <param name="Method">The fitted method.</param>
/// <param name="HeldOut">The result on the held-out rows of the same method fitted without their users.</param>
/// <param name="Settings">The chosen settings, for reports.</param>
public sealed record FittedMethod(Method Method, MethodResult HeldOut, string Settings);
