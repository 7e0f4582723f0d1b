using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Online;
using Xunit;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class FitResumeTests : IDisposable
{
    private const int Steps = 24;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-fit");
    private readonly TinyModel tiny = new();
    private GateKind gate = GateKind.Linear;
    private readonly (string User, string Item)[] clicks = [.. Enumerable.Range(0, 1600).Select(at => ($"u{at % 60}", $"i{at * at / 60 % TinyModel.Items}"))];

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(23)]
    [InlineData(31)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(9, GateKind.Mlp)]
    [InlineData(40, GateKind.Mlp)]
    public void A_fit_that_was_killed_and_goes_on_ends_in_the_same_bytes(int killedAfter, GateKind kind = GateKind.Linear)
    {
        gate = kind;
        var whole = Run(file: null, killAfter: int.MaxValue)!;
        var file = new FitFile(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);
        Assert.Null(Run(file, killedAfter));
        Assert.True(file.Exists);
        var resumed = Run(file, int.MaxValue)!;
        Assert.All(SnapshotParts.Write(whole), part => Assert.Equal(part.Value, SnapshotParts.Write(resumed)[part.Key]));
        Assert.Equal(kind, resumed.Gate.Kind);
    }

    [Fact]
    public void Only_the_time_since_the_last_checkpoint_is_lost()
    {
        var file = new FitFile(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);
        Assert.Null(Run(file, killAfter: 10));
        var steps = 0;
        Run(file, int.MaxValue, _ => steps++);
        Assert.Equal(Total() - 10, steps);

        int Total()
        {
            var all = 0;
            Run(null, int.MaxValue, _ => all++);
            return all;
        }
    }

    [Fact]
    public void A_checkpoint_of_another_fit_is_refused()
    {
        var file = new FitFile(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);
        Run(file, killAfter: 5);
        gate = GateKind.Mlp;
        Assert.Contains("other data or settings", Assert.Throws<InvalidDataException>(() => Run(file, int.MaxValue)).Message, StringComparison.Ordinal);
        gate = GateKind.Linear;
        clicks[7] = ("u1", "i3");
        Assert.Contains("other data or settings", Assert.Throws<InvalidDataException>(() => Run(file, int.MaxValue)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(file.Path, [1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => Run(file, int.MaxValue));
    }

    [Fact]
    public void A_fit_ends_when_sequences_put_aside_no_longer_gain_and_keeps_the_best()
    {
        var tried = new List<double>();
        var options = Options() with { Steps = 1000, Rate = 0.03, Patience = 2, ValidationShare = 0.4, Budget = TimeSpan.FromHours(1) };
        new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles, options, TimeProvider.System)
            .Run(tiny.Start.Encoder, tiny.Start.Items, clicks, clicks.Length, new FitReports(progress => tried.AddRange(progress.Validation is { } loss ? [loss] : [])), stop: TestContext.Current.CancellationToken);
        Assert.InRange(tried.Count, 3, 19);
        Assert.True(tried.IndexOf(tried.Min()) == tried.Count - 3, string.Join(' ', tried));
    }

    public void Dispose()
    {
        tiny.Dispose();
        folder.Delete(recursive: true);
    }

    /// <returns>Null where it was killed.</returns>
    private Snapshot? Run(FitFile? file, int killAfter, Action<FitProgress>? also = null)
    {
        var steps = 0;
        try
        {
            return new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles, Options(), TimeProvider.System).Run(tiny.Start.Encoder, tiny.Start.Items, clicks, 800, new FitReports(progress =>
            {
                if (progress.Validation is not null)
                    return;
                also?.Invoke(progress);
                if (++steps > killAfter)
                    throw new OperationCanceledException();
            }), file, TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private AdapterFitOptions Options() => new()
    {
        Gate = gate,
        Steps = Steps,
        TokenBudget = 300,
        ValidationShare = 0.34,
        WeightSamples = 100,
        Trainer = new OnlineTrainerOptions { Batch = 16, LanguageModelShare = 0.5, PopularityHalfLife = 100 },
    };
}
