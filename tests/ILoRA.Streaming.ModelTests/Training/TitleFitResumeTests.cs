using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class TitleFitResumeTests : IDisposable
{
    private const int Steps = 12;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-title-fit");
    private readonly TinyModel tiny = new();
    private readonly FitFile file;
    private Sample[] samples = TinyModel.Walk(100);

    public TitleFitResumeTests() => file = new(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);

    public void Dispose()
    {
        tiny.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(TitleLoss.Listwise, 1)]
    [InlineData(TitleLoss.Listwise, 7)]
    [InlineData(TitleLoss.Listwise, Steps - 1)]
    [InlineData(TitleLoss.LanguageModel, 5)]
    public void A_resumed_fit_gives_the_same_bytes_as_an_uninterrupted_one(TitleLoss loss, int killedAfter)
    {
        var whole = Run(null, loss: loss)!;
        Assert.Null(Run(file, killedAfter, loss));
        Assert.True(file.Exists);
        var resumed = Run(file, loss: loss)!;
        Assert.All(SnapshotParts.Write(whole), part => Assert.Equal(part.Value, SnapshotParts.Write(resumed)[part.Key]));
        Assert.NotEqual(SnapshotParts.Write(tiny.Start)[SnapshotParts.Adapter], SnapshotParts.Write(whole)[SnapshotParts.Adapter]);
    }

    [Fact]
    public void A_resumed_fit_repeats_no_steps_before_its_checkpoint()
    {
        Assert.Null(Run(file, killAfter: 5));
        var steps = 0;
        Run(file, also: _ => steps++);
        Assert.Equal(Steps - 5, steps);
    }

    [Fact]
    public void A_checkpoint_of_another_fit_is_rejected()
    {
        Run(file, killAfter: 3);
        Assert.Contains("other data or settings",
            Assert.Throws<InvalidDataException>(() => Run(file, loss: TitleLoss.LanguageModel)).Message, StringComparison.Ordinal);
        samples = TinyModel.Walk(99);
        Assert.Contains("other data or settings", Assert.Throws<InvalidDataException>(() => Run(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_number_of_steps_the_fit_ends_with_the_budget()
    {
        var reports = new List<FitProgress>();
        new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles,
            Options(TitleLoss.Listwise) with { Steps = null, Budget = TimeSpan.FromTicks(1) }, TimeProvider.System)
            .Run(tiny.Start, samples, [], new FitReports(reports.Add), stop: TestContext.Current.CancellationToken);
        Assert.Empty(reports);
    }

    [Fact]
    public void The_fit_validates_on_held_out_samples_and_improves()
    {
        var validations = new List<double>();
        samples = [.. Enumerable.Range(0, 15).SelectMany(_ => TinyModel.Walk(12))];
        var fitted =
            new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles, Options(TitleLoss.Listwise) with { Steps = 45 }, TimeProvider.System)
            .Run(tiny.Start, samples, TinyModel.Walk(12),
                new FitReports(progress => validations.AddRange(progress.Validation is { } loss ? [loss] : [])),
                stop: TestContext.Current.CancellationToken);
        Assert.Equal(20, validations.Count);
        Assert.True(validations.Min() < validations[0], string.Join(' ', validations));
        Assert.NotEqual(SnapshotParts.Write(tiny.Start)[SnapshotParts.Adapter], SnapshotParts.Write(fitted)[SnapshotParts.Adapter]);
    }

    [Theory]
    [InlineData(TitleLoss.Listwise)]
    [InlineData(TitleLoss.LanguageModel)]
    public void Without_a_sample_with_known_items_the_snapshot_is_unchanged(TitleLoss loss)
    {
        var fitted = new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles, Options(loss), TimeProvider.System)
            .Run(tiny.Start, [new Sample(["unknown"], "i1")], [], stop: TestContext.Current.CancellationToken);
        Assert.All(SnapshotParts.Write(tiny.Start), part => Assert.Equal(part.Value, SnapshotParts.Write(fitted)[part.Key]));
    }

    [Fact]
    public void The_number_of_epochs_is_respected()
    {
        var steps = 0;
        new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles,
            Options(TitleLoss.LanguageModel) with { Steps = null, Epochs = 3, Budget = TimeSpan.FromHours(1) }, TimeProvider.System)
            .Run(tiny.Start, samples[..10], [], new FitReports(_ => steps++), stop: TestContext.Current.CancellationToken);
        Assert.Equal(3 * 3, steps);
    }

    /// <returns>The result; null where the fit was killed.</returns>
    private Snapshot? Run(FitFile? kept, int killAfter = int.MaxValue, TitleLoss loss = TitleLoss.Listwise,
        Action<FitProgress>? also = null)
    {
        var steps = 0;
        try
        {
            return new TitleFit(tiny.Torch, tiny.Backbone, tiny.Titles, Options(loss), TimeProvider.System).Run(tiny.Start, samples,
                TinyModel.Walk(8), new FitReports(progress =>
            {
                if (progress.Validation is not null)
                    return;
                also?.Invoke(progress);
                if (++steps > killAfter)
                    throw new OperationCanceledException();
            }), kept, TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static TitleFitOptions Options(TitleLoss loss) =>
        new() { Loss = loss, Candidates = 4, Batch = 4, Rate = 1e-2, Steps = Steps, Patience = 100 };
}
