using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>Fits on two threads have similar losses as on one thread, and are reproducible.</summary>
[Collection(TorchThreadsCollection.Name)]
public sealed class ParallelFitTests : IDisposable
{
    private readonly int before = get_num_threads();
    private readonly TinyModel tiny = new();

    [Fact]
    public void The_head_scorer_is_fitted_on_two_threads_as_on_one() => AssertSimilar(HeadFit);

    [Fact]
    public void The_title_scorer_is_fitted_on_two_threads_as_on_one() => AssertSimilar(TitleFit);

    // Two threads sum in another order. Adam's first steps depend on the signs of gradients close to zero, so rounding differences grow
    // with each step; the loss before the first step differs by rounding only.
    private const double Before = 1e-4, PartLater = 0.05;

    private static void AssertSimilar(Func<int, (double[] Losses, Snapshot Fitted)> fit)
    {
        var (one, two, again) = (fit(1), fit(2), fit(2));
        Assert.Equal(one.Losses.Length, two.Losses.Length);
        Assert.Equal(one.Losses[0], two.Losses[0], Before);
        Assert.All(one.Losses.Zip(two.Losses), pair => Assert.Equal(pair.First, pair.Second, PartLater * one.Losses[0]));
        Assert.True(one.Losses[^1] < one.Losses[0] && two.Losses[^1] < two.Losses[0],
            $"{string.Join(' ', one.Losses)} | {string.Join(' ', two.Losses)}");
        Assert.All(SnapshotParts.Write(two.Fitted), part => Assert.Equal(part.Value, SnapshotParts.Write(again.Fitted)[part.Key]));
    }

    private (double[] Losses, Snapshot Fitted) HeadFit(int threads)
    {
        set_num_threads(threads);
        var losses = new List<double>();
        var clicks = Enumerable.Range(0, 400).Select(at => ($"u{at % 40}", $"i{(at / 40 + at % 40) % TinyModel.Items}")).ToArray();
        var fitted =
            new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles,
                new AdapterFitOptions { Steps = 6, ValidationShare = 0, TokenBudget = 512 }, TimeProvider.System)
            .Run(tiny.Start.Encoder, tiny.Start.Items, clicks, clicks.Length, new FitReports(progress => losses.Add(progress.Loss)),
                stop: TestContext.Current.CancellationToken);
        return ([.. losses], fitted);
    }

    private (double[] Losses, Snapshot Fitted) TitleFit(int threads)
    {
        set_num_threads(threads);
        var losses = new List<double>();
        var options = new TitleFitOptions { Candidates = 4, Batch = 6, Rate = 1e-2, Steps = 8, TokenBudget = 256 };
        Sample[] samples = [.. Enumerable.Repeat(TinyModel.Walk(1)[0], 48)];
        var fitted = new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles, options, TimeProvider.System)
            .Run(tiny.Start with { Scorer = Scorer.Title }, samples, [], new FitReports(progress => losses.Add(progress.Loss)),
                stop: TestContext.Current.CancellationToken);
        return ([.. losses], fitted);
    }

    public void Dispose()
    {
        set_num_threads(before);
        tiny.Dispose();
    }
}
