using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Model.Tensors;
using ILoRA.Streaming.Training.Fits;

namespace ILoRA.Streaming.ModelTests.Training;

/// <summary>The training loop with scripted losses: when it validates, when it stops early, and which state it returns.</summary>
public sealed class FitLoopTests : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(100);
    private readonly TinyModel tiny = new();
    private readonly SteppedTime time = new();
    private readonly List<FitProgress> told = [];

    [Fact]
    public void With_a_time_budget_validation_takes_a_tenth_of_the_time_and_the_last_one_always_takes_place()
    {
        Run(new Learner(this, validationSeconds: 4, _ => 5), patience: 100);
        var validations = told.Where(step => step.Validation is not null).ToArray();
        // One at the first opportunity, then one every 4 + 9 x 4 seconds, and one at the end.
        Assert.InRange(validations.Length, 3, 5);
        Assert.Equal(1, validations[^1].Done);
    }

    [Fact]
    public void The_end_of_the_decay_is_validated_even_soon_after_a_validation()
    {
        var learner = new Learner(this, validationSeconds: 0.5, step => step < 20 ? 5 - 0.1 * step : 9);
        Run(learner, patience: 2);
        Assert.Contains(told, step => step.What.EndsWith("cooling down", StringComparison.Ordinal));
        Assert.True(told[^1].Validation is not null, "the decayed state was not validated");
    }

    [Theory]
    [InlineData(10, 8)]
    [InlineData(0.5, 13)]
    public void After_early_stopping_the_best_state_is_decayed_and_the_better_of_both_is_returned(double cooled, int best)
    {
        // Of 40 steps every second is validated: the 8th is the best, the 10th and 12th are worse, and the decay takes a quarter of 12
        // steps.
        var learner = new Learner(this, validationSeconds: 0, step => step <= 8 ? 9 - step : step <= 12 ? 10 : cooled);
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
    public void A_loss_that_falls_to_the_end_never_stops_early()
    {
        var learner = new Learner(this, validationSeconds: 0, step => 100 - step);
        var state = Run(learner, patience: 2, steps: 40);
        Assert.Same(learner.Exported[40], state);
        Assert.DoesNotContain(told, step => step.What.Contains("cooling", StringComparison.Ordinal));
        Assert.Equal(20, told.Count(step => step.Validation is not null));
    }

    [Fact]
    public void A_loss_that_is_always_NaN_ends_with_the_budget()
    {
        var learner = new Learner(this, validationSeconds: 0.1, _ => double.NaN);
        var state = Run(learner, patience: 2);
        Assert.Same(Assert.Single(learner.Exported).Value, state);
        Assert.Equal(1, told[^1].Done);
    }

    [Fact]
    public void Without_held_out_batches_the_last_state_is_returned()
    {
        var learner = new Learner(this, validationSeconds: 1, _ => 5);
        Run(learner, patience: 2, heldOut: []);
        Assert.DoesNotContain(told, step => step.Validation is not null);
        Assert.Equal(1, learner.Disposed);
    }

    private Snapshot Run(Learner learner, int patience, int[]? heldOut = null, int? steps = null, Action<Snapshot>? again = null)
    {
        var run =
            new FitRun("test", new FitClock(time, Budget, TimeSpan.Zero), new FitReports(told.Add), null,
                TestContext.Current.CancellationToken);
        var loop = new FitLoop<int>(run, new("learner", "steps", 1e-3, steps, null, patience), time);
        return loop.Run(learner, Again, Endless, heldOut ?? [1], null);

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

    /// <summary>A learner whose steps take one second each on a manual clock.</summary>
    private sealed class Learner(FitLoopTests test, double validationSeconds, Func<int, double> loss) : IFitLearner<int>
    {
        private int steps;

        public int Disposed { get; private set; }

        public List<double> Rates { get; } = [];

        /// <summary>The exported states by step.</summary>
        public Dictionary<int, Snapshot> Exported { get; } = [];

        public (double Loss, int Targets) Step(int batch, double rate)
        {
            test.time.Pass(1);
            Rates.Add(rate);
            return (loss(++steps), 1);
        }

        public double Validate(IReadOnlyList<int> batches)
        {
            test.time.Pass(validationSeconds);
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
