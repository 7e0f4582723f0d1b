using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.Training.Optimisers;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>The length and the learning rate of a <see cref="FitLoop{T}"/>.</summary>
/// <param name="What">The name for a progress bar.</param>
/// <param name="Unit">What the throughput counts, in the plural.</param>
/// <param name="Rate">The peak learning rate.</param>
/// <param name="Steps">The fixed number of steps, independent of the clock; null lets the budget decide.</param>
/// <param name="MaxSteps">The maximum number of steps within the budget; null is as many as the budget allows.</param>
/// <param name="Patience">The number of validations without a lower loss after which training stops early.</param>
/// <param name="Share">The share of the budget that the loop may use.</param>
internal sealed record FitSchedule(string What, string Unit, double Rate, int? Steps, long? MaxSteps, int Patience, double Share = 1);

/// <summary>
/// The training loop of offline fits: mini-batch steps under a learning-rate schedule, regular validation on held-out mini-batches, and
/// early stopping, after which the best state is trained on with a decaying learning rate (see <see cref="Cooling"/>).
/// </summary>
/// <param name="run">Budget, reports and checkpoints.</param>
/// <param name="schedule">Length and learning rate.</param>
/// <param name="time">The clock for the throughput.</param>
internal sealed class FitLoop<T>(FitRun run, FitSchedule schedule, TimeProvider time)
{
    private const int Validations = 20;

    /// <summary>
    /// Where the budget ends the fit, the next validation starts at the earliest after this many times the duration of the last one, so
    /// that a short fit of a large model does not spend most of its time on validation. The last validation always takes place.
    /// </summary>
    private const int Between = 9;

    /// <summary>Runs the loop to its end.</summary>
    /// <param name="learner">A new learner, or one resumed from <paramref name="begun"/>; the loop disposes of it.</param>
    /// <param name="again">Creates a learner that starts with a state.</param>
    /// <param name="from">The endless mini-batches from a step on.</param>
    /// <param name="heldOut">The mini-batches for validation; with none, the last state is the result.</param>
    /// <param name="begun">The checkpoint to resume from, or null.</param>
    /// <returns>The state with the lowest validation loss.</returns>
    public Snapshot Run(IFitLearner<T> learner, Func<Snapshot, IFitLearner<T>> again, Func<long, IEnumerable<T>> from,
        IReadOnlyList<T> heldOut, FitCheckpoint? begun)
    {
        var (step, loss, cooling) = (begun?.State.Step ?? 0, begun?.State.Loss ?? 0, begun?.State.Cooling);
        var bestLoss = begun?.Best is null ? double.PositiveInfinity : begun.State.BestLoss;
        var best = new BestState(begun?.Best, bestLoss, begun?.State.Worse ?? 0, begun?.State.Gained ?? false);
        var throughput = new FitThroughput(time, begun?.State.Seen ?? 0);
        var (validations, nextValidation) = (Due(Math.Max(cooling?.From ?? 0, step - 1), cooling), TimeSpan.Zero);
        try
        {
            foreach (var batch in from(step))
            {
                run.Stop.ThrowIfCancellationRequested();
                var done = Done(step);
                var ends = done >= 1 || cooling?.Done(step) >= 1;
                var due = Due(step, cooling) > validations && (schedule.Steps is not null || run.Clock.Elapsed >= nextValidation);
                if (heldOut.Count > 0 && (ends || due))
                {
                    var before = run.Clock.Elapsed;
                    var validation = best.Record(learner.Validate(heldOut), learner.Export);
                    run.ReportValidation(done * schedule.Share, loss, validation, throughput.Total);
                    (validations, nextValidation) = (Due(step, cooling), run.Clock.Elapsed + (run.Clock.Elapsed - before) * Between);
                }
                if (ends)
                    break;
                if (cooling is null && best.Worse >= schedule.Patience && best.Snapshot is { } state)
                {
                    cooling = Cooling.After(step, Schedule.WarmUpThenCosine(schedule.Rate, done));
                    (validations, nextValidation) = (0, TimeSpan.Zero);
                    var old = learner;
                    learner = again(state);
                    old.Dispose();
                }
                (loss, var targets) = learner.Step(batch, cooling?.Rate(step) ?? Schedule.WarmUpThenCosine(schedule.Rate, done));
                step++;
                var what = $"{schedule.What}, {throughput.Add(targets):0.##} {schedule.Unit}/s{(cooling is null ? "" : ", cooling down")}";
                run.Report(Done(step) * schedule.Share, loss, what, throughput.Total);
                run.SaveIfDue(saved =>
                    Save(learner, best, saved with { Step = step, Seen = throughput.Total, Loss = loss, Cooling = cooling }));
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
        var bestLoss = best.Snapshot is null ? 0 : best.Loss;
        return new(current, best.Snapshot, optimisers, state with { BestLoss = bestLoss, Worse = best.Worse, Gained = best.Improved });
    }

    // With a fixed number of steps the clock has no influence, so that the result is reproducible.
    private double Done(long step) => schedule.Steps is { } steps
        ? Math.Min(1, (double)step / steps) : run.Clock.Done(step, schedule.MaxSteps, schedule.Share);

    // The number of validations that should have taken place.
    private int Due(long step, Cooling? cooling) =>
        (int)(cooling is null ? Done(step) * Validations : cooling.Done(step) * Cooling.Validations);
}
