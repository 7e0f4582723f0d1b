namespace ILoRA.Streaming.Training.Fits;

/// <summary>The environment of a running fit: its clock, progress reports, checkpoint file and cancellation.</summary>
internal sealed class FitRun(string configuration, FitClock clock, IProgress<FitProgress>? progress, FitFile? file, CancellationToken stop)
{
    public FitClock Clock => clock;

    public CancellationToken Stop => stop;

    /// <summary>Reports a step.</summary>
    /// <param name="done">The fraction of the fit that is done, 0 to 1.</param>
    /// <param name="loss">The recent mean loss, nats.</param>
    /// <param name="what">The current activity, for a progress bar.</param>
    /// <param name="seen">The number of targets or samples trained on so far.</param>
    public void Report(double done, double loss, string what, long seen) => progress?.Report(new(done, loss, what) { Seen = seen });

    /// <summary>Reports a validation.</summary>
    /// <param name="done">The fraction of the fit that is done, 0 to 1.</param>
    /// <param name="loss">The recent mean loss, nats.</param>
    /// <param name="validation">The validation loss, nats.</param>
    /// <param name="seen">The number of targets or samples trained on so far.</param>
    public void ReportValidation(double done, double loss, double validation, long seen) =>
        progress?.Report(new(done, loss, "validating") { Validation = validation, Seen = seen });

    /// <summary>Writes a checkpoint if it is due.</summary>
    /// <param name="save">Makes the checkpoint from a state with configuration and time; called only if one is written.</param>
    public void SaveIfDue(Func<FitState, FitCheckpoint> save)
    {
        if (file is { IsDue: true })
            file.Save(save(new(configuration, clock.Elapsed.TotalSeconds)));
    }
}
