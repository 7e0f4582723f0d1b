using ILoRA.Streaming.Training.Evaluation;

namespace ILoRA.Streaming.Training.Tuning;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, arXiv 1502.07943): every round has the same part of the budget, shared by the settings that are left; the worse half is dropped,
/// so that the better ones are fit longer and longer. Each fit begins anew, for its schedule is planned to end with its share.
/// </summary>
public static class SuccessiveHalving
{
    /// <param name="settings">From the cheapest to the dearest; at least one.</param>
    /// <param name="measure">Fits a setting with a share of the budget (all shares make 1) and measures it on rows that are the same each time.</param>
    /// <returns>Every fit, round by round, the better first within a round.</returns>
    public static IReadOnlyList<TuningTrial<T>> Run<T>(IReadOnlyList<T> settings, Func<T, double, MethodResult> measure)
    {
        var trials = new List<TuningTrial<T>>();
        var rounds = Rounds(settings.Count);
        var left = settings;
        for (var round = 1; round <= rounds; round++)
        {
            var each = 1.0 / rounds / left.Count;
            var results = left.Select(setting => (Setting: setting, Result: measure(setting, each))).OrderBy(trial => trial.Result.Loss).ToArray();
            var keep = (left.Count + 1) / 2;
            trials.AddRange(results.Select((trial, place) => new TuningTrial<T>(round, trial.Setting, each, trial.Result, place < keep)));
            left = [.. left.Where(setting => results.Take(keep).Any(trial => Equals(trial.Setting, setting)))];
        }
        return trials;
    }

    /// <summary>How many halvings leave one.</summary>
    public static int Rounds(int settings)
    {
        var rounds = 1;
        for (var left = (settings + 1) / 2; left > 1; left = (left + 1) / 2)
            rounds++;
        return rounds;
    }

    /// <summary>The best of the last round; where the other's loss can't be told from it, the cheaper of the two.</summary>
    /// <param name="trials">What <see cref="Run"/> gave.</param>
    /// <param name="settings">As given to it.</param>
    /// <param name="bootstrap">Over the rows measured on.</param>
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

/// <param name="Round">From 1.</param>
/// <param name="Setting">What was tried.</param>
/// <param name="Share">The share of the budget that its fit had.</param>
/// <param name="Result">On the held-out rows.</param>
/// <param name="Kept">Whether it went on.</param>
public sealed record TuningTrial<T>(int Round, T Setting, double Share, MethodResult Result, bool Kept);

/// <param name="Chosen">The choice.</param>
/// <param name="Other">What it was weighed against in the last round; null where it was alone.</param>
/// <param name="Interval">The 95 % interval of the second-best's listwise loss less the best's, paired by row.</param>
public sealed record TuningChoice<T>(TuningTrial<T> Chosen, TuningTrial<T>? Other, Interval Interval);
