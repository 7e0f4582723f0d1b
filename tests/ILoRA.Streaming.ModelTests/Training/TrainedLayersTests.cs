using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Adapters;
using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Online;
using ILoRA.Streaming.Training.Samples;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>Training of the LoRA factors in the upper layers only.</summary>
public sealed class TrainedLayersTests : IDisposable
{
    private readonly TinyModel tiny = new();

    public void Dispose() => tiny.Dispose();

    [Fact]
    public void Frozen_lower_layers_do_not_change_the_gradients_of_the_upper_ones()
    {
        using var scope = NewDisposeScope();
        var (hidden, upper, lower) = Gradients(0);
        var (same, alone, none) = Gradients(2);
        Assert.True(hidden.IsNear(same, 1e-5));
        Assert.All(upper.Zip(alone), pair => Assert.True(pair.First!.IsNear(pair.Second!, 1e-5)));
        Assert.All(lower, gradient => Assert.NotNull(gradient));
        Assert.All(none, Assert.Null);
    }

    [Theory]
    [InlineData(Scorer.Head)]
    [InlineData(Scorer.Title)]
    public void A_fit_does_not_change_frozen_layers_and_the_projector(Scorer scorer) =>
        AssertUpperAlone(scorer == Scorer.Head ? FitHead() : FitTitles(new() { TrainedLayers = 1 }));

    [Fact]
    public void The_online_trainer_does_not_change_them_either()
    {
        using var trainer =
            new OnlineTrainer(tiny.Torch, tiny.Backbone, tiny.Start, new OnlineTrainerOptions { TrainedLayers = 1, AdapterRate = 1e-2 });
        foreach (var (item, title) in tiny.Titles)
            trainer.SetItem(item, title);
        trainer.Observe(TinyModel.Walk(8), 1);
        AssertUpperAlone(trainer.Release());
    }

    [Fact]
    public void More_trained_layers_than_exist_means_all() =>
        Assert.All(SnapshotParts.Write(FitTitles(new() { TrainedLayers = 100 })),
            part => Assert.Equal(SnapshotParts.Write(FitTitles(new()))[part.Key], part.Value));

    [Fact]
    public void With_fewer_scored_titles_than_candidates_the_loss_compares_these_only()
    {
        var losses = new List<double>();
        FitTitles(new() { Answers = 2 }, losses);
        // The loss of equal scores is log 2 with two titles, and log 4 with all four.
        Assert.InRange(losses[0], 0, 0.5 * (Math.Log(2) + Math.Log(4)));
        Assert.True(losses[^1] < losses[0], string.Join(' ', losses));
    }

    private (Tensor Hidden, Tensor?[] Upper, Tensor?[] Lower) Gradients(int frozen)
    {
        using var lora = new TorchLora(tiny.Backbone.Config, tiny.Start.Lora, CPU);
        foreach (var (_, factor) in lora.Parameters())
            factor.Overwrite(RandomValues.Normal(new Random((int)factor.numel()), (int)factor.numel(), 0.3f));
        var scale =
            tensor(tiny.Start.Shape.RankScale(Gate.Uniform(tiny.Start.Shape.Experts, 1).Weights([])), [1, 1, tiny.Start.Shape.Rank]);
        var hidden =
            tiny.Torch.Hidden(tiny.Torch.Embed(tensor(new long[] { 5, 6, 7, 8 }, [1, 4])), lora: lora, rankScale: scale, frozen: frozen);
        (hidden * hidden).sum().backward();
        return (hidden, Of(lora.Parameters(2)), Of(lora.Parameters().Except(lora.Parameters(2))));

        static Tensor?[] Of(IEnumerable<(string, TorchSharp.Modules.Parameter Value)> parameters) =>
            [.. parameters.Select(parameter => parameter.Value.grad?.clone())];
    }

    private Snapshot FitHead() =>
        new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles, new AdapterFitOptions { Steps = 3, ValidationShare = 0, TrainedLayers = 1 },
            TimeProvider.System)
        .Run(tiny.Start.Encoder, tiny.Start.Items, [.. Enumerable.Range(0, 200).Select(at => ($"u{at % 20}", $"i{at / 20}"))], 200,
            stop: TestContext.Current.CancellationToken);

    private Snapshot FitTitles(TitleFitOptions options, List<double>? losses = null) =>
        new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles, options with { Candidates = 4, Batch = 4, Rate = 1e-2, Steps = 20 },
            TimeProvider.System)
            .Run(tiny.Start, [.. Enumerable.Repeat(TinyModel.Walk(1)[0], 24)], Array.Empty<Sample>(),
                new FitReports(progress => losses?.Add(progress.Loss)), stop: TestContext.Current.CancellationToken);

    private void AssertUpperAlone(Snapshot fitted)
    {
        foreach (var (site, pair) in fitted.Lora.Pairs)
        {
            var begun = tiny.Start.Lora.Pairs[site];
            if (site.Layer == tiny.Backbone.Config.Layers - 1)
            {
                Assert.NotEqual(begun.B, pair.B);
                continue;
            }
            Assert.Equal(begun.A, pair.A);
            Assert.Equal(begun.B, pair.B);
        }
        Assert.Equal(SnapshotParts.Write(tiny.Start)[SnapshotParts.Projector], SnapshotParts.Write(fitted)[SnapshotParts.Projector]);
    }
}
