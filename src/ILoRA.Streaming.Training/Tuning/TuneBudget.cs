namespace ILoRA.Streaming.Training.Tuning;

/// <summary>A training budget, of a single fit or of all fits together.</summary>
/// <param name="Time">Wall-clock time, which counts where <paramref name="Steps"/> is null.</param>
/// <param name="Steps">The number of training steps, independent of the clock; null limits the time instead.</param>
public sealed record TuneBudget(TimeSpan Time, int? Steps)
{
    /// <summary>A share of the budget; of a budget in steps at least one step.</summary>
    /// <param name="share">0 to 1.</param>
    public TuneBudget Part(double share) => new(Time * share, Steps is { } all ? Math.Max(1, (int)Math.Round(all * share)) : null);
}
