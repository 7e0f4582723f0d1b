using ILoRA.Streaming.Training.Optimisers;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// How a first pass ends that no longer gains before its schedule is through: back at the best state, the rate goes down as it would have at the schedule's end. Without that a
/// fit of little data in much time would stop at a high rate, below one that had less time.
/// </summary>
/// <param name="From">The step it begins at.</param>
/// <param name="Steps">How many it lasts.</param>
/// <param name="Peak">The learning rate it begins with.</param>
public sealed record Cooling(long From, long Steps, double Peak)
{
    /// <summary>Tries on the sequences put aside meanwhile.</summary>
    public const int Tries = 5;

    private const int Part = 4;

    /// <summary>A quarter of the steps so far.</summary>
    public static Cooling After(long step, double rate) => new(step, Math.Max(1, step / Part), rate);

    /// <returns>0 to 1.</returns>
    public double Done(long step) => Math.Min(1, (double)(step - From) / Steps);

    public double Rate(long step) => Schedule.Cosine(Peak, Done(step));
}
