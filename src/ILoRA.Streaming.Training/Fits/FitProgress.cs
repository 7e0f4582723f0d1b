namespace ILoRA.Streaming.Training.Fits;

/// <summary>A progress report of a fit.</summary>
/// <param name="Done">The fraction of the work that is done, 0 to 1.</param>
/// <param name="Loss">The recent mean loss, nats; NaN where there is none.</param>
/// <param name="What">The current activity, for a progress bar.</param>
public sealed record FitProgress(double Done, double Loss, string What)
{
    /// <summary>The number of targets or samples trained on so far, with repetitions; null where they are not counted.</summary>
    public long? Seen { get; init; }

    /// <summary>The validation loss, nats, in a report of a validation; else null.</summary>
    public double? Validation { get; init; }
}
