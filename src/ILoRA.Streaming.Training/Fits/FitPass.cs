using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Optimisers;

namespace ILoRA.Streaming.Training.Fits;

/// <param name="What">For a progress bar.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Rate">Peak learning rate.</param>
/// <param name="Steps">Ends the pass, whatever the clock says; null leaves that to the budget.</param>
/// <param name="Most">Steps at most within the budget; null is as many as fit.</param>
/// <param name="Patience">Tries without a gain after which it cools down.</param>
/// <param name="Part">The part of the budget that the pass has.</param>
internal sealed record FitSchedule(string What, string Unit, double Rate, int? Steps, long? Most, int Patience, double Part = 1);

/// <summary>
/// Trains a learner batch by batch under a schedule that ends with its budget, tries it on batches put aside, keeps the best state, and cools down from there when it no longer
/// gains (see <see cref="Cooling"/>).
/// </summary>
/// <param name="run">Budget, reports and checkpoints.</param>
/// <param name="schedule">How.</param>
/// <param name="time">For the pace.</param>
internal sealed class FitPass<T>(FitRun run, FitSchedule schedule, TimeProvider time)
{
    private const int Tries = 20;

    /// <summary>By the clock, nine times what a try took passes before the next, so that a short fit of a large model does not spend most of its time on tries; the last one is always made.</summary>
    private const int Between = 9;

    /// <param name="learner">A fresh one, or one that resumed from <paramref name="begun"/>; owned from here on.</param>
    /// <param name="again">Makes one that begins with a state.</param>
    /// <param name="from">All batches from a step on, without end.</param>
    /// <param name="aside">Batches to try it on; none keeps the last state.</param>
    /// <param name="begun">The checkpoint that it goes on from, or null.</param>
    /// <returns>The best state.</returns>
    public Snapshot Run(IFitLearner<T> learner, Func<Snapshot, IFitLearner<T>> again, Func<long, IEnumerable<T>> from, IReadOnlyList<T> aside, FitCheckpoint? begun)
    {
        var (step, loss, cooling) = (begun?.State.Step ?? 0, begun?.State.Loss ?? 0, begun?.State.Cooling);
        var best = new BestState(begun?.Best, begun?.Best is null ? double.PositiveInfinity : begun.State.BestLoss, begun?.State.Worse ?? 0, begun?.State.Gained ?? false);
        var (pace, tried, rested) = (new FitThroughput(time, begun?.State.Seen ?? 0), Due(Math.Max(cooling?.From ?? 0, step - 1), cooling), TimeSpan.Zero);
        try
        {
            foreach (var batch in from(step))
            {
                run.Stop.ThrowIfCancellationRequested();
                var done = Done(step);
                var ends = done >= 1 || cooling?.Done(step) >= 1;
                if (aside.Count > 0 && (ends || Due(step, cooling) > tried && (schedule.Steps is not null || run.Clock.Elapsed >= rested)))
                {
                    var before = run.Clock.Elapsed;
                    run.Validated(done * schedule.Part, loss, best.Try(learner.Validate(aside), learner.Export), pace.Total);
                    (tried, rested) = (Due(step, cooling), run.Clock.Elapsed + (run.Clock.Elapsed - before) * Between);
                }
                if (ends)
                    break;
                if (cooling is null && best.Worse >= schedule.Patience && best.Snapshot is { } state)
                {
                    (cooling, tried, rested) = (Cooling.After(step, Schedule.WarmUpThenCosine(schedule.Rate, done)), 0, TimeSpan.Zero);
                    var old = learner;
                    learner = again(state);
                    old.Dispose();
                }
                (loss, var targets) = learner.Step(batch, cooling?.Rate(step) ?? Schedule.WarmUpThenCosine(schedule.Rate, done));
                step++;
                run.Report(Done(step) * schedule.Part, loss, $"{schedule.What}, {pace.Add(targets):0.##} {schedule.Unit}/s{(cooling is null ? "" : ", cooling down")}", pace.Total);
                run.Keep(kept => Save(learner, best, kept with { Step = step, Seen = pace.Total, Loss = loss, Cooling = cooling }));
            }
            return best.Snapshot ?? learner.Export();
        }
        finally
        {
            learner.Dispose();
        }
    }

    private static FitCheckpoint Save(IFitLearner<T> learner, BestState best, FitState state)
    {
        var (current, optimisers) = learner.Save();
        return new(current, best.Snapshot, optimisers, state with { BestLoss = best.Snapshot is null ? 0 : best.Loss, Worse = best.Worse, Gained = best.Gained });
    }

    // A counted fit goes by its steps alone, so that it ends the same on a slow day.
    private double Done(long step) => schedule.Steps is { } steps ? Math.Min(1, (double)step / steps) : run.Clock.Done(step, schedule.Most, schedule.Part);

    private int Due(long step, Cooling? cooling) => (int)(cooling is null ? Done(step) * Tries : cooling.Done(step) * Cooling.Tries);
}
