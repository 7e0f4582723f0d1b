using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Samples;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>
/// Resumes a fit that was killed during the learning-rate decay after early stopping. The learner is real; its validation losses are
/// scripted, so that it stops early on every CPU.
/// </summary>
public sealed class CoolingResumeTests : IDisposable
{
    private const int Steps = 60, Patience = 2;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-cooling");
    private readonly TinyModel tiny = new();
    private readonly FitFile file;
    private readonly List<FitProgress> told = [];

    public CoolingResumeTests() => file = new(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);

    public void Dispose()
    {
        tiny.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_resumed_fit_gives_the_same_bytes_as_an_uninterrupted_one(int after)
    {
        var whole = Run(null)!;
        var warm = told.TakeWhile(step => !CoolsDown(step)).Count(step => step.Validation is null);
        Assert.InRange(told.Count(CoolsDown), 5, warm / 4);
        Assert.Null(Run(file, warm + after));
        var resumed = Run(file)!;
        Assert.True(told.All(step => step.Validation is not null || CoolsDown(step)), "it did not resume from its checkpoint");
        Assert.All(SnapshotParts.Write(whole), part => Assert.Equal(part.Value, SnapshotParts.Write(resumed)[part.Key]));
        Assert.NotEqual(SnapshotParts.Write(tiny.Start)[SnapshotParts.Adapter], SnapshotParts.Write(whole)[SnapshotParts.Adapter]);
    }

    // The loss falls until step 18, then rises, and falls again during the decay, so that the decayed state is the best.
    private static double Loss(int step) => step <= 18 ? 9 - 0.1 * step : step <= 24 ? 20 : 5 - 0.1 * step;

    private static bool CoolsDown(FitProgress step) => step.What.Contains("cooling", StringComparison.Ordinal);

    /// <returns>The result; null where the fit was killed.</returns>
    private Snapshot? Run(FitFile? kept, int killAfter = int.MaxValue)
    {
        told.Clear();
        var begun = kept?.Load("test");
        var run = new FitRun("test", new FitClock(TimeProvider.System, TimeSpan.FromHours(1), TimeSpan.Zero), new FitReports(progress =>
        {
            if (told.Count(step => step.Validation is null) >= killAfter && progress.Validation is null)
                throw new OperationCanceledException();
            told.Add(progress);
        }), kept, TestContext.Current.CancellationToken);
        var at = (int)(begun?.State.Step ?? 0);
        var first = Learner(begun?.Current ?? tiny.Start);
        if (begun is not null)
            first.Resume(begun.Optimisers);
        try
        {
            return new FitLoop<Sample[]>(run, new("learner", "targets", 0.03, Steps, null, Patience), TimeProvider.System)
                .Run(first, Learner, step => Batches((int)step), [TinyModel.Walk(4)], begun);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        Scripted Learner(Snapshot state) => new(new PositionFit(tiny.Torch, tiny.Backbone, state, tiny.Titles), () => at++, () => Loss(at));
    }

    private static IEnumerable<Sample[]> Batches(int step)
    {
        while (true)
            yield return TinyModel.Walk(6, 5 * step++);
    }

    private sealed class Scripted(PositionFit inner, Action stepped, Func<double> loss) : IFitLearner<Sample[]>
    {
        public (double Loss, int Targets) Step(Sample[] batch, double rate)
        {
            stepped();
            return inner.Step(batch, rate);
        }

        public double Validate(IReadOnlyList<Sample[]> batches) => loss();

        public Snapshot Export() => inner.Export();

        public (Snapshot Current, IReadOnlyList<Tensor> Optimisers) Save() => inner.Save();

        public void Resume(IReadOnlyList<Tensor> optimisers) => inner.Resume(optimisers);

        public void Dispose() => inner.Dispose();
    }
}
