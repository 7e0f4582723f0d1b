namespace ILoRA.Streaming.Training.Fits;

/// <summary>What a running fit reports to and is kept by.</summary>
internal sealed class FitRun(string configuration, FitClock clock, IProgress<FitProgress>? progress, FitFile? file, CancellationToken stop)
{
    public FitClock Clock => clock;

    public CancellationToken Stop => stop;

    /// <param name="done">The part of the work done, 0 to 1.</param>
    /// <param name="loss">Mean loss lately, nats.</param>
    /// <param name="what">What is being done.</param>
    /// <param name="seen">Targets or samples learned from so far.</param>
    public void Report(double done, double loss, string what, long seen) => progress?.Report(new(done, loss, what) { Seen = seen });

    public void Validated(double done, double loss, double validation, long seen) => progress?.Report(new(done, loss, "trying sequences put aside") { Validation = validation, Seen = seen });

    /// <summary>Writes a checkpoint, if the last one is old.</summary>
    /// <param name="save">Completes the state; asked only where it is written.</param>
    public void Keep(Func<FitState, FitCheckpoint> save)
    {
        if (file is { IsDue: true })
            file.Save(save(new(configuration, clock.Elapsed.TotalSeconds)));
    }
}
