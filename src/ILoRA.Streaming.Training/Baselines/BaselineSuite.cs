using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Training.Evaluation;
using ILoRA.Streaming.Training.Fits;
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
public sealed class BaselineSuite(Behaviour all, double aside, int rows, int candidates, int seed, TimeProvider time)
{
    public const string RandomName = "random";
    public const string NeighboursName = "item-kNN";
    public const string EncoderName = "encoder";

    private static readonly NeighbourOptions[] NeighbourGrid = [.. from power in new[] { 0, 0.5f, 1 } from shrink in new[] { 0f, 1, 5, 20 } select new NeighbourOptions(shrink, power)];
    private static readonly double[] EaseGrid = [200, 1000, 5000];

    private readonly Behaviour kept = all.HoldOut(aside).Kept;

    /// <summary>The rows that settings and weights are chosen on.</summary>
    public IReadOnlyList<RankingCase> HeldOut { get; } = HeldOutCases.Draw(all.HoldOut(aside).Aside, candidates, rows, new Random(seed));

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
        Method On(Behaviour behaviour) => Method.OfCatalogue("own encoder",
            new EncoderScores(EncoderFit.Run(behaviour.Sequences, all.Items, options with { Seed = seed }, device, progress, stop), [.. Enumerable.Range(0, all.Items)]).Scores);
        return Fit(On(kept), On(all), $"{options.Epochs} epochs");
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
