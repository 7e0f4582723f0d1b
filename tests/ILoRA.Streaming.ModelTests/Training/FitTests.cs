using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Online;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class FitTests
{
    [Fact]
    public void A_tiny_backbone_is_fitted_on_titles_and_can_be_loaded()
    {
        var folder = Directory.CreateTempSubdirectory("ilora-backbone");
        try
        {
            var losses = new List<double>();
            string[] titles = [.. Enumerable.Range(0, 30).Select(number => $"RED RETROSPOT BAG {number % 5}")];
            var options =
                new BackboneFitOptions
                {
                    Layers = 1,
                    Hidden = 32,
                    FeedForward = 48,
                    Vocabulary = 300,
                    Steps = 40,
                    Batch = 4,
                    Length = 32,
                    Rate = 1e-2
                };
            var backbone =
                BackboneFit.Run(titles, folder.FullName, options, CPU, new FitReports(progress => losses.Add(progress.Loss)),
                    stop: TestContext.Current.CancellationToken);
            Assert.Equal(1, backbone.Config.Layers);
            Assert.Equal(backbone.Hash, Backbone.Load(folder.FullName).Hash);
            Assert.True(losses[^1] < 0.6 * losses[0], $"{losses[0]} -> {losses[^1]}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(PromptStyle.Hybrid, GateKind.Linear)]
    [InlineData(PromptStyle.Hybrid, GateKind.Mlp)]
    [InlineData(PromptStyle.Text, GateKind.Uniform)]
    public void An_adapter_for_the_head_scorer_is_fitted_in_two_stages(PromptStyle prompt, GateKind gate)
    {
        using var tiny = new TinyModel(prompt);
        var clicks = Enumerable.Range(0, 400).Select(at => ($"u{at % 4}", $"i{at / 4 % TinyModel.Items}")).ToArray();
        var options =
            new AdapterFitOptions
            {
                Prompt = prompt,
                Gate = gate,
                Trainer = new OnlineTrainerOptions { Batch = 16, LanguageModelShare = 0.5, PopularityHalfLife = 100 }
            };
        var snapshot = new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles, options, TimeProvider.System)
            .Run(tiny.Start.Encoder, tiny.Start.Items, clicks, known: 200, stop: TestContext.Current.CancellationToken);
        SnapshotFit.Require(snapshot, tiny.Backbone);
        Assert.Equal(gate, snapshot.Gate.Kind);
        var begun = InitialSnapshot.Of(tiny.Backbone, [.. tiny.Titles.Values], tiny.Start.Encoder, tiny.Start.Items, options).Gate;
        Assert.All(GateTensors.Write(begun).Zip(GateTensors.Write(snapshot.Gate)),
            pair => Assert.NotEqual(pair.First.Values, pair.Second.Values));
        Assert.Contains(snapshot.Lora.Pairs.Values, pair => pair.B.Any(value => value != 0));
        Assert.NotEqual(tiny.Start.Encoder.Tensors["s_fc.bias"], snapshot.Encoder.Tensors["s_fc.bias"]);
    }

    /// <summary>The encoder's maximum history may be shorter than the prompt's.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(4)]
    public void A_fit_starts_with_a_head_that_approximates_the_encoder(int positions)
    {
        using var tiny = new TinyModel();
        int[][] walks = [.. Enumerable.Range(0, 60)
            .Select(start => Enumerable.Range(start, 8).Select(at => at % TinyModel.Items).ToArray())];
        var encoder =
            EncoderFit.Run(walks, TinyModel.Items, new EncoderFitOptions { Positions = positions, Epochs = 20, Dropout = 0, Rate = 5e-3 },
                CPU, stop: TestContext.Current.CancellationToken);
        var clicks = Enumerable.Range(0, 400).Select(at => ($"u{at % 40}", $"i{(at / 40 + at % 40) % TinyModel.Items}")).ToArray();
        var losses = new List<double>();
        new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles, new AdapterFitOptions { Steps = 1 }, TimeProvider.System)
            .Run(encoder, tiny.Start.Items with { Seen = [.. tiny.Start.Items.Seen.Select(_ => 500f)] }, clicks, clicks.Length,
                new FitReports(progress => losses.Add(progress.Loss)), stop: TestContext.Current.CancellationToken);
        // A random head would have a loss of log 12 = 2.48.
        Assert.InRange(losses[0], 0, 0.5 * Math.Log(TinyModel.Items));
    }

    [Theory]
    [InlineData(TitleLoss.Listwise)]
    [InlineData(TitleLoss.LanguageModel)]
    public void Fitting_the_title_scorer_lowers_its_loss(TitleLoss loss)
    {
        using var tiny = new TinyModel();
        var start = tiny.Start with { Scorer = Scorer.Title };
        var losses = new List<double>();
        var options = new TitleFitOptions { Loss = loss, Candidates = 4, Batch = 4, Rate = 1e-2, Steps = 45 };
        var fitted = new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles, options, TimeProvider.System)
            .Run(start, [.. Enumerable.Range(0, 15).SelectMany(_ => TinyModel.Walk(12))], [],
                new FitReports(progress => losses.Add(progress.Loss)), stop: TestContext.Current.CancellationToken);
        Assert.Equal(45, losses.Count);
        Assert.True(losses.TakeLast(5).Average() < 0.9 * losses.Take(5).Average(),
            $"{losses.Take(5).Average()} -> {losses.TakeLast(5).Average()}");
        Assert.Equal(Scorer.Title, fitted.Scorer);
        // The listwise loss trains the title weights with the adapter; with the other loss they are fitted afterwards.
        Assert.True(fitted.Head.TitleWeights.Likelihood > 0, $"{fitted.Head.TitleWeights}");
        Assert.NotEqual(TitleWeights.Raw, fitted.Head.TitleWeights);
    }
}
