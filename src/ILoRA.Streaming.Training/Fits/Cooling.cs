using ILoRA.Streaming.Training.Optimisers;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>
/// The learning-rate decay after early stopping: from the best state, the learning rate falls by a cosine as at the end of the full
/// schedule. Without it, a fit with little data and a long schedule would stop at a high learning rate and end worse than one with a
/// shorter schedule.
/// </summary>
/// <param name="From">The step at which it begins.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Peak">The learning rate at its beginning.</param>
public sealed record Cooling(long From, long Steps, double Peak)
{
    /// <summary>The number of validations during the decay.</summary>
    public const int Validations = 5;

    private const int Divisor = 4;

    /// <summary>A decay that lasts a quarter of the steps so far.</summary>
    public static Cooling After(long step, double rate) => new(step, Math.Max(1, step / Divisor), rate);

    /// <summary>The fraction of the decay that is done, 0 to 1.</summary>
    public double Done(long step) => Math.Min(1, (double)(step - From) / Steps);

    public double Rate(long step) => Schedule.Cosine(Peak, Done(step));
}
