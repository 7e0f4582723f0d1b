namespace ILoRA.Streaming.Training.Tuning;

/// <summary>What fits have, together or each.</summary>
/// <param name="Time">Wall-clock time, where steps are not counted.</param>
/// <param name="Steps">Or so many steps, whatever the clock says.</param>
public sealed record TuneBudget(TimeSpan Time, int? Steps)
{
    /// <param name="share">0 to 1</param>
    public TuneBudget Part(double share) => new(Time * share, Steps is { } all ? Math.Max(1, (int)Math.Round(all * share)) : null);
}
