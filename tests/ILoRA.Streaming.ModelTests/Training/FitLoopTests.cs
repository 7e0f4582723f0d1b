using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Fits;
using Xunit;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>The schedule, with scripted losses: when a learner is tried, when it cools down, and which state comes out.</summary>
public sealed class FitLoopTests : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(100);
    private readonly TinyModel tiny = new();
    private readonly SteppedTime time = new();
    private readonly List<FitProgress> told = [];

    [Fact]
    public void By_the_clock_tries_take_a_tenth_of_the_time_and_the_last_is_always_made()
    {
        Run(new Learner(this, trySeconds: 4, _ => 5), patience: 100);
        var tried = told.Where(step => step.Validation is not null).ToArray();
        // One at the first chance, then every 4 + 9 x 4 seconds, one at the end.
        Assert.InRange(tried.Length, 3, 5);
        Assert.Equal(1, tried[^1].Done);
    }

    [Fact]
    public void The_end_of_the_cooling_is_tried_though_it_comes_soon_after_a_try()
    {
        var learner = new Learner(this, trySeconds: 0.5, step => step < 20 ? 5 - 0.1 * step : 9);
        Run(learner, patience: 2);
        Assert.Contains(told, step => step.What.EndsWith("cooling down", StringComparison.Ordinal));
        Assert.True(told[^1].Validation is not null, "the cooled state was thrown away untried");
    }

    [Theory]
    [InlineData(10, 8)]
    [InlineData(0.5, 13)]
    public void Where_losses_no_longer_gain_it_goes_back_to_the_best_state_cools_down_and_the_better_of_both_comes_out(double cooled, int best)
    {
        // Of 40 steps every second is tried: the best is the 8th, the 10th and 12th did worse, a quarter of 12 steps more cool down.
        var learner = new Learner(this, trySeconds: 0, step => step <= 8 ? 9 - step : step <= 12 ? 10 : cooled);
        var begun = new List<Snapshot>();
        var state = Run(learner, patience: 2, steps: 40, again: begun.Add);
        Assert.Same(learner.Exported[8], Assert.Single(begun));
        Assert.Same(learner.Exported[best], state);
        Assert.Equal(15, learner.Rates.Count);
        Assert.Equal(learner.Rates[12..].OrderDescending(), learner.Rates[12..]);
        Assert.True(learner.Rates[^1] < learner.Rates[11] / 2, string.Join(' ', learner.Rates));
        Assert.NotNull(told[^1].Validation);
    }

    [Fact]
    public void A_loss_that_gains_to_the_end_is_never_cooled_down()
    {
        var learner = new Learner(this, trySeconds: 0, step => 100 - step);
        var state = Run(learner, patience: 2, steps: 40);
        Assert.Same(learner.Exported[40], state);
        Assert.DoesNotContain(told, step => step.What.Contains("cooling", StringComparison.Ordinal));
        Assert.Equal(20, told.Count(step => step.Validation is not null));
    }

    [Fact]
    public void A_loss_that_is_never_a_number_ends_with_the_budget()
    {
        var learner = new Learner(this, trySeconds: 0.1, _ => double.NaN);
        var state = Run(learner, patience: 2);
        Assert.Same(Assert.Single(learner.Exported).Value, state);
        Assert.Equal(1, told[^1].Done);
    }

    [Fact]
    public void Without_anything_put_aside_the_last_state_comes_out()
    {
        var learner = new Learner(this, trySeconds: 1, _ => 5);
        Run(learner, patience: 2, heldOut: []);
        Assert.DoesNotContain(told, step => step.Validation is not null);
        Assert.Equal(1, learner.Disposed);
    }

    private Snapshot Run(Learner learner, int patience, int[]? heldOut = null, int? steps = null, Action<Snapshot>? again = null)
    {
        var run = new FitRun("test", new FitClock(time, Budget, TimeSpan.Zero), new FitReports(told.Add), null, TestContext.Current.CancellationToken);
        return new FitLoop<int>(run, new("learner", "steps", 1e-3, steps, null, patience), time).Run(learner, Again, Endless, heldOut ?? [1], null);

        Learner Again(Snapshot state)
        {
            again?.Invoke(state);
            return learner;
        }
    }

    private static IEnumerable<int> Endless(long step)
    {
        while (true)
            yield return (int)step++;
    }

    public void Dispose() => tiny.Dispose();

    /// <summary>A second a step, on a clock that stands still otherwise.</summary>
    private sealed class Learner(FitLoopTests test, double trySeconds, Func<int, double> loss) : IFitLearner<int>
    {
        private int steps;

        public int Disposed { get; private set; }

        public List<double> Rates { get; } = [];

        /// <summary>By the step, a state of its own each.</summary>
        public Dictionary<int, Snapshot> Exported { get; } = [];

        public (double Loss, int Targets) Step(int batch, double rate)
        {
            test.time.Pass(1);
            Rates.Add(rate);
            return (loss(++steps), 1);
        }

        public double Validate(IReadOnlyList<int> batches)
        {
            test.time.Pass(trySeconds);
            return loss(steps);
        }

        public Snapshot Export() => Exported[steps] = test.tiny.Start with { };

        public (Snapshot Current, IReadOnlyList<Tensor> Optimisers) Save() => (test.tiny.Start, []);

        public void Resume(IReadOnlyList<Tensor> optimisers)
        {
        }

        public void Dispose() => Disposed++;
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => now;

        public void Pass(double seconds) => now += (long)(1000 * seconds);
    }
}
