using ILoRA.Streaming.Importing.Lines;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Offline;
using static TorchSharp.torch;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class OfflineFitTests : IDisposable
{
    private static readonly OfflineData Shop = OfflineData.Of(
        SmallShop.Items.Select((item, at) => new ItemLine(at + 1, item.Id, item.Title)),
        SmallShop.Clicks.Select((click, at) => new ClickLine(at + 1, click.User, click.Item, click.Time)), "items", "clicks");

    /// <summary>Options of a short fit: a given backbone, few epochs and steps, and a budget that is never reached.</summary>
    private static readonly OfflineFitOptions Quick = new()
    {
        Budget = TimeSpan.FromMinutes(30),
        Backbone = Repository.PathOf("src", "ILoRA.Streaming.Local", "Sample", "backbone"),
        Encoder = new EncoderFitOptions { Epochs = 6 },
        Adapter = new AdapterFitOptions
        {
            Steps = 4,
            WeightSamples = 300,
            Trainer = new AdapterFitOptions().Trainer with { LanguageModelShare = 0.05 }
        },
        MaxEvaluated = 200,
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-offline-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_small_shop_is_fitted_and_evaluated_and_the_result_is_reused()
    {
        var stages = new List<string>();
        var fit = new OfflineFit(Quick, CPU, TimeProvider.System);
        Assert.False(fit.IsDone(Shop, folder.FullName));
        var made = fit.Run(Shop, folder.FullName, new FitReports(step => stages.Add(step.What.Split(':')[0])),
            TestContext.Current.CancellationToken);
        Assert.Equal(
            ["1 of 5, encoder, earlier clicks", "2 of 5, adapter, earlier clicks", "3 of 5, verdict on the later clicks",
            "4 of 5, encoder, all clicks", "5 of 5, adapter, all clicks"],
            stages.Distinct());

        var snapshot = SnapshotFolder.Load(made.Folder.Adapter);
        Assert.Equal(Backbone.Load(Quick.Backbone!).Hash, snapshot.Backbone);
        // A user's first click of the second stage has no history there and is not counted.
        Assert.InRange(snapshot.Items.Seen.Sum(), SmallShop.Views * 0.9, SmallShop.Views);
        var verdict = Assert.IsType<OfflineVerdict>(made.Verdict);
        Assert.Equal((2400, 200), (verdict.FittedOn, verdict.Judged));
        Assert.Equal(["popular", "item-kNN", "encoder", "all"], verdict.Methods.Select(method => method.Name));
        Assert.All(verdict.Methods, method => Assert.InRange(method.Hr10, method.Hr10Interval[0], method.Hr10Interval[1]));
        Assert.All(verdict.Methods, method => Assert.InRange(method.Ndcg10, 0, method.Hr10));
        Assert.True(verdict.BeatsPopular, string.Join(' ', verdict.Methods));

        // With the same files and settings nothing is fitted again, and the stored result is returned.
        var told = 0;
        Assert.True(fit.IsDone(Shop, folder.FullName));
        Assert.Equal(verdict.Methods.Select(method => method.Hr10),
            fit.Run(Shop, folder.FullName, new FitReports(_ => told++),
            TestContext.Current.CancellationToken).Verdict!.Methods.Select(method => method.Hr10));
        Assert.Equal(0, told);
        Assert.False(new OfflineFit(Quick with { Seed = 2 }, CPU, TimeProvider.System).IsDone(Shop, folder.FullName));
    }

    [Fact]
    public void A_stopped_fit_resumes_after_its_last_complete_part()
    {
        using var stop = new CancellationTokenSource();
        var fit = new OfflineFit(Quick with { HoldOutShare = 0 }, CPU, TimeProvider.System);
        Assert.Throws<OperationCanceledException>(() => fit.Run(Shop, folder.FullName, new FitReports(step =>
        {
            if (step.What.StartsWith("2 of 2", StringComparison.Ordinal))
                stop.Cancel();
        }), stop.Token));
        var encoder = File.GetLastWriteTimeUtc(Path.Combine(folder.FullName, "encoder.safetensors"));
        Assert.False(fit.IsDone(Shop, folder.FullName));

        var made = fit.Run(Shop, folder.FullName, null, TestContext.Current.CancellationToken);
        Assert.Null(made.Verdict);
        Assert.Equal(encoder, File.GetLastWriteTimeUtc(made.Folder.Encoder));
        Assert.Equal(Quick.Backbone, made.Backbone);
    }

    [Fact]
    public void Without_a_backbone_a_tiny_one_is_trained_on_the_titles()
    {
        // The budget is spent at once: every part is fitted with the minimum of steps, and none is missing.
        var made = new OfflineFit(new OfflineFitOptions { Budget = TimeSpan.FromMilliseconds(1), HoldOutShare = 0 }, CPU,
            TimeProvider.System)
            .Run(Shop, folder.FullName, null, TestContext.Current.CancellationToken);
        var backbone = Backbone.Load(made.Folder.Backbone);
        Assert.Equal((made.Folder.Backbone, 2), (made.Backbone, backbone.Config.Layers));
        Assert.Equal(backbone.Hash, SnapshotFolder.Load(made.Folder.Adapter).Backbone);
    }
}
