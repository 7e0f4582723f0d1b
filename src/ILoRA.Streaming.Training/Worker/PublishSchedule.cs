namespace ILoRA.Streaming.Training.Worker;

/// <summary>Decides when the trainer publishes a version.</summary>
/// <param name="options">The time and the numbers of samples between two versions.</param>
/// <param name="time">The clock.</param>
public sealed class PublishSchedule(TrainerOptions options, TimeProvider time)
{
    private long begun = time.GetTimestamp();

    /// <summary>Whether a version is due: enough samples, and either the time has passed or there are many samples.</summary>
    /// <param name="samples">The number of samples since the last version.</param>
    public bool IsDue(long samples) => samples >= options.LeastSamples
        && (time.GetElapsedTime(begun) >= options.PublishEvery || samples >= options.PublishSamples);

    /// <summary>A version is published now; the time to the next one begins.</summary>
    public void Begin() => begun = time.GetTimestamp();
}
