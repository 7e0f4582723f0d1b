using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Training.Tuning;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, arXiv 1502.07943): every round has the same share of the budget, divided among the remaining
/// settings, and drops the worse half of them, so that better settings get longer fits. Each fit starts from scratch, because its
/// learning-rate schedule depends on its length.
/// </summary>
public static class SuccessiveHalving
{
    /// <summary>Runs all rounds.</summary>
    /// <param name="settings">The settings, from the cheapest to the most expensive; at least one.</param>
    /// <param name="measure">
    /// Fits a setting with a share of the budget (all shares sum to 1) and evaluates it, always on the same rows.
    /// </param>
    /// <returns>All fits, by round, and by loss within a round.</returns>
    public static IReadOnlyList<TuningTrial<T>> Run<T>(IReadOnlyList<T> settings, Func<T, double, MethodResult> measure)
    {
        var trials = new List<TuningTrial<T>>();
        var rounds = Rounds(settings.Count);
        var left = settings;
        for (var round = 1; round <= rounds; round++)
        {
            var each = 1.0 / rounds / left.Count;
            var results =
                left.Select(setting => (Setting: setting, Result: measure(setting, each))).OrderBy(trial => trial.Result.Loss).ToArray();
            var keep = (left.Count + 1) / 2;
            trials.AddRange(results.Select((trial, place) => new TuningTrial<T>(round, trial.Setting, each, trial.Result, place < keep)));
            left = [.. left.Where(setting => results.Take(keep).Any(trial => Equals(trial.Setting, setting)))];
        }
        return trials;
    }

    /// <summary>The number of rounds until one setting is kept, at least one.</summary>
    public static int Rounds(int settings)
    {
        var rounds = 1;
        for (var left = (settings + 1) / 2; left > 1; left = (left + 1) / 2)
            rounds++;
        return rounds;
    }

    /// <summary>
    /// Chooses the best setting of the last round; if its loss is not significantly lower than the second-best's, the cheaper of the two.
    /// </summary>
    /// <param name="trials">The result of <see cref="Run"/>.</param>
    /// <param name="settings">The settings given to <see cref="Run"/>.</param>
    /// <param name="bootstrap">The bootstrap over the evaluated rows.</param>
    public static TuningChoice<T> Choose<T>(IReadOnlyList<TuningTrial<T>> trials, IReadOnlyList<T> settings, Bootstrap bootstrap)
    {
        var last = trials.Where(trial => trial.Round == trials[^1].Round).ToArray();
        if (last.Length == 1)
            return new(last[0], null, default);
        var (best, next) = (last[0], last[1]);
        var interval = bootstrap.Difference(next.Result.Losses, best.Result.Losses);
        return interval.Low <= 0 && Place(settings, next) < Place(settings, best) ? new(next, best, interval) : new(best, next, interval);
    }

    private static int Place<T>(IReadOnlyList<T> settings, TuningTrial<T> trial) => settings.ToList().IndexOf(trial.Setting);
}

/// <summary>A fit of a setting in one round.</summary>
/// <param name="Round">The round, from 1.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Share">The fit's share of the budget.</param>
/// <param name="Result">The result on the held-out rows.</param>
/// <param name="Kept">Whether the setting was kept for the next round.</param>
public sealed record TuningTrial<T>(int Round, T Setting, double Share, MethodResult Result, bool Kept);

/// <summary>The result of <see cref="SuccessiveHalving.Choose"/>.</summary>
/// <param name="Chosen">The fit of the chosen setting.</param>
/// <param name="Other">The fit that it was compared with in the last round; null where there was no other.</param>
/// <param name="Interval">The paired 95 % interval of the listwise loss of the second-best fit minus that of the best one.</param>
public sealed record TuningChoice<T>(TuningTrial<T> Chosen, TuningTrial<T>? Other, Interval Interval);
