using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Fits;
using ILoRA.Streaming.Training.Online;

namespace ILoRA.Streaming.ModelTests.Training;

public sealed class FitResumeTests : IDisposable
{
    private const int Steps = 24;
    private static readonly Dictionary<GateKind, (IReadOnlyDictionary<string, byte[]> Parts, int Steps)> Finished = [];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ilora-fit");
    private readonly TinyModel tiny = new();
    private GateKind gate = GateKind.Linear;
    private readonly (string User, string Item)[] clicks = [.. Enumerable.Range(0, 1600)
        .Select(at => ($"u{at % 60}", $"i{at * at / 60 % TinyModel.Items}"))];

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(23)]
    [InlineData(31)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(9, GateKind.Mlp)]
    [InlineData(40, GateKind.Mlp)]
    public void A_resumed_fit_gives_the_same_bytes_as_an_uninterrupted_one(int killedAfter, GateKind kind = GateKind.Linear)
    {
        gate = kind;
        var file = new FitFile(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);
        Assert.Null(Run(file, killedAfter));
        Assert.True(file.Exists);
        var resumed = Run(file, int.MaxValue)!;
        var parts = SnapshotParts.Write(resumed);
        Assert.All(Whole().Parts, part => Assert.Equal(part.Value, parts[part.Key]));
        Assert.Equal(kind, resumed.Gate.Kind);
    }

    [Fact]
    public void A_resumed_fit_repeats_no_steps_before_its_checkpoint()
    {
        var file = new FitFile(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);
        Assert.Null(Run(file, killAfter: 10));
        var steps = 0;
        Run(file, int.MaxValue, _ => steps++);
        Assert.Equal(Whole().Steps - 10, steps);
    }

    [Fact]
    public void A_checkpoint_of_another_fit_is_rejected()
    {
        var file = new FitFile(Path.Combine(folder.FullName, "fit.checkpoint"), TimeSpan.Zero, TimeProvider.System);
        Run(file, killAfter: 5);
        gate = GateKind.Mlp;
        Assert.Contains("other data or settings", Assert.Throws<InvalidDataException>(() => Run(file, int.MaxValue)).Message,
            StringComparison.Ordinal);
        gate = GateKind.Linear;
        clicks[7] = ("u1", "i3");
        Assert.Contains("other data or settings", Assert.Throws<InvalidDataException>(() => Run(file, int.MaxValue)).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(file.Path, [1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => Run(file, int.MaxValue));
    }

    /// <summary>
    /// Whether and when the fit stops early depends on rounding; <see cref="CoolingResumeTests"/> and <see cref="FitLoopTests"/> test it
    /// with scripted losses.
    /// </summary>
    [Fact]
    public void A_fit_of_little_data_at_a_high_learning_rate_returns_an_improved_state()
    {
        var (validations, steps) = (new List<double>(), 0);
        var options = Options() with { Steps = 200, Rate = 0.03, Patience = 2, ValidationShare = 0.4, Budget = TimeSpan.FromHours(1) };
        var fitted =
            new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles, options, TimeProvider.System).Run(tiny.Start.Encoder, tiny.Start.Items,
                clicks, clicks.Length, new FitReports(progress =>
        {
            if (progress.Validation is { } loss)
                validations.Add(loss);
            else
                steps++;
        }), stop: TestContext.Current.CancellationToken);
        Assert.InRange(validations.Count, 3 + Cooling.Validations, 20 + Cooling.Validations);
        Assert.InRange(steps, 3 * 200 / 20, 200 + 200 / 4);
        Assert.True(validations.Min() < validations[0], string.Join(' ', validations));
        SnapshotFit.Require(fitted, tiny.Backbone);
    }

    public void Dispose()
    {
        tiny.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>The result of an uninterrupted fit with the current gate; computed once for all tests.</summary>
    private (IReadOnlyDictionary<string, byte[]> Parts, int Steps) Whole()
    {
        if (Finished.TryGetValue(gate, out var whole))
            return whole;
        var steps = 0;
        var snapshot = Run(null, int.MaxValue, _ => steps++)!;
        return Finished[gate] = (SnapshotParts.Write(snapshot), steps);
    }

    /// <returns>The result; null where the fit was killed.</returns>
    private Snapshot? Run(FitFile? file, int killAfter, Action<FitProgress>? also = null)
    {
        var steps = 0;
        try
        {
            return new AdapterFit(tiny.Torch, tiny.Backbone, tiny.Titles, Options(), TimeProvider.System).Run(tiny.Start.Encoder,
                tiny.Start.Items, clicks, 800, new FitReports(progress =>
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
