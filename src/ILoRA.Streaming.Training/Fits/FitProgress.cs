namespace ILoRA.Streaming.Training.Fits;

/// <param name="Done">The part of the work done, 0 to 1.</param>
/// <param name="Loss">Mean loss lately, nats.</param>
/// <param name="What">What is being done, for a progress bar.</param>
public sealed record FitProgress(double Done, double Loss, string What)
{
    /// <summary>Targets or samples learned from so far, each as often as it was; null where that is not counted.</summary>
    public long? Seen { get; init; }

    /// <summary>The loss on sequences put aside, where they were tried just now.</summary>
    public double? Validation { get; init; }
}
