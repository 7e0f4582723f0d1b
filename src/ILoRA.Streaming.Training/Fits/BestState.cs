using ILoRA.Streaming.Model.Snapshots;

namespace ILoRA.Streaming.Training.Fits;

/// <summary>Early stopping: the state with the lowest validation loss, and the number of validations since it was found.</summary>
internal sealed class BestState(Snapshot? snapshot, double loss, int worse, bool improved)
{
    /// <summary>The state with the lowest loss; null before the first validation.</summary>
    public Snapshot? Snapshot { get; private set; } = snapshot;

    /// <summary>The lowest validation loss, nats.</summary>
    public double Loss { get; private set; } = loss;

    /// <summary>
    /// Whether a validation gave a lower loss than the first one. Worse validations are not counted before that, because at the peak
    /// learning rate the loss often rises at first.
    /// </summary>
    public bool Improved { get; private set; } = improved;

    /// <summary>The number of validations since the best one.</summary>
    public int Worse { get; private set; } = worse;

    /// <summary>Records a validation.</summary>
    /// <param name="validated">The validation loss, nats.</param>
    /// <param name="export">Exports the current state; called where the loss is the lowest so far.</param>
    /// <returns><paramref name="validated"/></returns>
    public double Record(double validated, Func<Snapshot> export)
    {
        if (validated < Loss)
            (Snapshot, Loss, Worse, Improved) = (export(), validated, 0, Snapshot is not null);
        else if (Improved)
            Worse++;
        return validated;
    }
}
